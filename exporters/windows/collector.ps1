# Reads what drifttrail asks for and tells it line by line. Nothing is written or changed on the machine.
# Windows PowerShell 5.1. $mark, $wanted, $registry, $files, $iisWanted, $maxContent and $microsoftTasks come before it.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
Set-StrictMode -Off
# With it, this version writes some arrays as { value, Count }.
Remove-TypeData System.Array -ErrorAction SilentlyContinue
$state = @{ rows = 0; lines = 0 }
$utf8 = New-Object Text.UTF8Encoding($false)
$out = New-Object IO.StreamWriter([Console]::OpenStandardOutput(), $utf8)
$out.NewLine = "`n"

function Tell($what) {
  $out.WriteLine($mark + ' ' + (ConvertTo-Json -InputObject $what -Compress -Depth 8))
  $state.lines++
}
function Section($name, $read) {
  if ($wanted -notcontains $name) { return }
  $state.rows = 0
  try {
    & $read | ForEach-Object { Tell @{ section = $name; row = $_ }; $state.rows++ }
    Tell @{ section = $name; rows = $state.rows }
  } catch {
    Tell @{ section = $name; error = [string]$_.Exception.Message; denied = (Denied $_.Exception) }
  }
  $out.Flush()
}
# 0x80070005 (E_ACCESSDENIED), 0x80041003 (WBEM_E_ACCESS_DENIED), or what .NET throws for them.
function Denied($exception) {
  for ($e = $exception; $null -ne $e; $e = $e.InnerException) {
    if ($e -is [UnauthorizedAccessException] -or $e -is [Security.SecurityException]) { return $true }
    if (@(-2147024891, -2147217405) -contains $e.HResult) { return $true }
    if ([string]$e.NativeErrorCode -eq 'AccessDenied') { return $true }
  }
  return $false
}
function Absent($exception) {
  for ($e = $exception; $null -ne $e; $e = $e.InnerException) {
    if ($e -is [IO.FileNotFoundException] -or $e -is [IO.DirectoryNotFoundException]) { return $true }
  }
  return $false
}
function Stamp($time) { if ($null -eq $time) { return $null }; return $time.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ') }
function SidOf($account) {
  try { return (New-Object Security.Principal.NTAccount($account)).Translate([Security.Principal.SecurityIdentifier]).Value } catch { return $null }
}
function AccountOf($sid) {
  try { return $sid.Translate([Security.Principal.NTAccount]).Value } catch { return $null }
}
function Machine($path) {
  $hive = [Microsoft.Win32.RegistryKey]::OpenBaseKey([Microsoft.Win32.RegistryHive]::LocalMachine, [Microsoft.Win32.RegistryView]::Registry64)
  return $hive.OpenSubKey($path)
}

$identity = [Security.Principal.WindowsIdentity]::GetCurrent()
$administrator = (New-Object Security.Principal.WindowsPrincipal($identity)).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
Tell @{ begin = 1; machine = [string](Machine 'SOFTWARE\Microsoft\Cryptography').GetValue('MachineGuid'); user = [string]$identity.Name; administrator = [bool]$administrator }

Section 'os' {
  $os = Get-CimInstance Win32_OperatingSystem
  $computer = Get-CimInstance Win32_ComputerSystem
  $current = Machine 'SOFTWARE\Microsoft\Windows NT\CurrentVersion'
  $waits = @()
  if ($null -ne (Machine 'SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending')) { $waits += 'servicing' }
  if ($null -ne (Machine 'SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired')) { $waits += 'updates' }
  @{
    name = [string]$os.Caption; version = [string]$os.Version; build = [string]$os.BuildNumber; revision = [string]$current.GetValue('UBR')
    release = [string]$current.GetValue('DisplayVersion'); installation = [string]$current.GetValue('InstallationType')
    architecture = [string]$os.OSArchitecture; language = [string]$os.OSLanguage; timeZone = [string][TimeZoneInfo]::Local.Id
    computer = [string]$computer.Name; domain = [string]$computer.Domain; joined = [bool]$computer.PartOfDomain; role = [int]$computer.DomainRole
    rebootPending = $waits
  }
}
Section 'service' {
  Get-CimInstance Win32_Service | ForEach-Object {
    $key = Machine ('SYSTEM\CurrentControlSet\Services\' + $_.Name)
    $dll = $null; $type = 0; $triggers = $false
    if ($null -ne $key) {
      $type = [int]$key.GetValue('Type', 0)
      $triggers = $null -ne $key.OpenSubKey('TriggerInfo')
      $parameters = $key.OpenSubKey('Parameters')
      if ($null -ne $parameters) { $dll = $parameters.GetValue('ServiceDll') }
    }
    @{
      name = [string]$_.Name; displayName = [string]$_.DisplayName; startMode = [string]$_.StartMode; delayed = [bool]$_.DelayedAutoStart
      account = [string]$_.StartName; path = [string]$_.PathName; dll = [string]$dll; state = [string]$_.State; type = $type; triggers = $triggers
    }
  }
}
Section 'feature' {
  if ($null -ne (Get-Command Get-WindowsFeature -ErrorAction SilentlyContinue)) {
    Get-WindowsFeature | ForEach-Object { @{ name = [string]$_.Name; displayName = [string]$_.DisplayName; state = [string]$_.InstallState; source = 'server' } }
  } else {
    Get-CimInstance Win32_OptionalFeature | ForEach-Object {
      @{ name = [string]$_.Name; displayName = [string]$_.Caption; state = [string]$_.InstallState; source = 'optional' }
    }
  }
}
# A domain controller has no accounts of its own: there these two say nothing.
function Controller { return [int](Get-CimInstance Win32_ComputerSystem).DomainRole -ge 4 }
Section 'user' {
  if (Controller) { return }
  Get-LocalUser | ForEach-Object {
    @{
      name = [string]$_.Name; sid = [string]$_.SID.Value; enabled = [bool]$_.Enabled; fullName = [string]$_.FullName; description = [string]$_.Description
      passwordRequired = [bool]$_.PasswordRequired; passwordSet = (Stamp $_.PasswordLastSet); passwordExpires = ($null -ne $_.PasswordExpires)
      mayChangePassword = [bool]$_.UserMayChangePassword; expires = (Stamp $_.AccountExpires)
    }
  }
}
# By ADSI: Get-LocalGroupMember gives up on a group with a member that no longer exists.
Section 'group-member' {
  if (Controller) { return }
  Get-LocalGroup | ForEach-Object {
    $group = $_
    @(([ADSI]('WinNT://./' + $group.Name + ',group')).psbase.Invoke('Members')) | ForEach-Object {
      $bytes = $_.GetType().InvokeMember('objectSid', [Reflection.BindingFlags]::GetProperty, $null, $_, $null)
      $sid = New-Object Security.Principal.SecurityIdentifier($bytes, 0)
      @{ group = [string]$group.Name; groupSid = [string]$group.SID.Value; account = (AccountOf $sid); sid = [string]$sid.Value }
    }
  }
}
Section 'task' {
  Get-ScheduledTask | Where-Object { $microsoftTasks -or -not $_.TaskPath.StartsWith('\Microsoft\') } | ForEach-Object {
    @{
      path = [string]$_.TaskPath; name = [string]$_.TaskName; author = [string]$_.Author; description = [string]$_.Description
      enabled = [bool]$_.Settings.Enabled; hidden = [bool]$_.Settings.Hidden
      user = [string]$_.Principal.UserId; group = [string]$_.Principal.GroupId; logon = [string]$_.Principal.LogonType; level = [string]$_.Principal.RunLevel
      actions = @($_.Actions | ForEach-Object {
        @{ type = [string]$_.CimClass.CimClassName; execute = [string]$_.Execute; arguments = [string]$_.Arguments; folder = [string]$_.WorkingDirectory; class = [string]$_.ClassId }
      })
      triggers = @($_.Triggers | Where-Object { $null -ne $_ } | ForEach-Object {
        @{
          type = [string]$_.CimClass.CimClassName; enabled = [bool]$_.Enabled; start = [string]$_.StartBoundary; end = [string]$_.EndBoundary
          every = [string]$_.Repetition.Interval; days = [string]$_.DaysInterval; weeks = [string]$_.WeeksInterval; weekdays = [string]$_.DaysOfWeek
          user = [string]$_.UserId; delay = [string]$_.Delay; subscription = [string]$_.Subscription
        }
      })
    }
  }
}
function Values($key, $path, $deep) {
  foreach ($name in $key.GetValueNames()) {
    $kind = [string]$key.GetValueKind($name)
    $value = $key.GetValue($name, $null, [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames)
    if ($value -is [byte[]]) { $value = -join ($value | ForEach-Object { $_.ToString('x2') }) }
    elseif ($value -is [string[]]) { $value = @($value | ForEach-Object { [string]$_ }) }
    else { $value = [string]$value }
    @{ key = $path; name = [string]$name; type = $kind; value = $value }
  }
  if ($deep) {
    foreach ($child in $key.GetSubKeyNames()) {
      $below = $key.OpenSubKey($child)
      if ($null -ne $below) { Values $below ($path + '\' + $child) $true; $below.Close() }
    }
  }
}
Section 'registry' {
  foreach ($place in $registry) {
    $deep = $place.EndsWith('\**')
    $path = if ($deep) { $place.Substring(0, $place.Length - 3) } else { $place }
    $root, $rest = $path -split '\\', 2
    $hive = if ($root -eq 'HKU') { [Microsoft.Win32.RegistryHive]::Users } else { [Microsoft.Win32.RegistryHive]::LocalMachine }
    $key = [Microsoft.Win32.RegistryKey]::OpenBaseKey($hive, [Microsoft.Win32.RegistryView]::Registry64).OpenSubKey($rest)
    if ($null -ne $key) { Values $key $path $deep; $key.Close() }
  }
}
function FileRow($path) {
  try {
    # Not by Exists, which takes a folder that may not be looked into for an empty one.
    if ([IO.File]::GetAttributes($path) -band [IO.FileAttributes]::Directory) { return }
    $info = New-Object IO.FileInfo($path)
    if ($info.Length -gt $maxContent) { return @{ path = $info.FullName; size = [string]$info.Length } }
    $stream = New-Object IO.FileStream($info.FullName, [IO.FileMode]::Open, [IO.FileAccess]::Read, ([IO.FileShare]'ReadWrite, Delete'))
    try {
      $memory = New-Object IO.MemoryStream
      $stream.CopyTo($memory)
      return @{ path = $info.FullName; base64 = [Convert]::ToBase64String($memory.ToArray()) }
    } finally { $stream.Close() }
  } catch {
    if (Absent $_.Exception) { return }
    return @{ path = [string]$path; error = [string]$_.Exception.Message; denied = (Denied $_.Exception) }
  }
}
Section 'file' {
  $seen = New-Object 'Collections.Generic.HashSet[string]' ([StringComparer]::OrdinalIgnoreCase)
  foreach ($pattern in $files) {
    $pattern = [Environment]::ExpandEnvironmentVariables($pattern)
    $paths = @($pattern)
    if ($pattern -match '[*?]') {
      if (-not (Test-Path -LiteralPath (Split-Path $pattern))) { continue }
      $paths = @(Get-ChildItem -Path $pattern -File -Force | ForEach-Object { $_.FullName })
    }
    foreach ($path in $paths) { if ($seen.Add($path)) { FileRow $path } }
  }
  # IIS: its own configuration, and the web.config of every folder that a site or an application serves.
  $iis = Join-Path $env:windir 'System32\inetsrv\config\applicationHost.config'
  if ($iisWanted -and (Test-Path -LiteralPath $iis)) {
    if ($seen.Add($iis)) { FileRow $iis }
    $document = New-Object Xml.XmlDocument
    $document.XmlResolver = $null
    $document.Load($iis)
    foreach ($node in $document.SelectNodes('//sites/site/application/virtualDirectory/@physicalPath')) {
      $folder = [Environment]::ExpandEnvironmentVariables($node.Value)
      # A log-in by key has no credentials for shares.
      if ($folder.StartsWith('\\')) { continue }
      $path = [IO.Path]::Combine($folder, 'web.config')
      if ($seen.Add($path)) { FileRow $path }
    }
  }
}
Section 'hotfix' { Get-CimInstance Win32_QuickFixEngineering | ForEach-Object { @{ id = [string]$_.HotFixID; description = [string]$_.Description } } }
Section 'program' {
  foreach ($place in 'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall', 'SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall') {
    $folder = Machine $place
    if ($null -eq $folder) { continue }
    foreach ($name in $folder.GetSubKeyNames()) {
      $key = $folder.OpenSubKey($name)
      if ($null -eq $key) { continue }
      $title = [string]$key.GetValue('DisplayName')
      if ($title -ne '' -and [string]$key.GetValue('SystemComponent') -ne '1') {
        @{ id = [string]$name; name = $title; version = [string]$key.GetValue('DisplayVersion'); publisher = [string]$key.GetValue('Publisher'); wow64 = $place.Contains('WOW6432Node') }
      }
      $key.Close()
    }
  }
}
Section 'share' {
  Get-SmbShare | ForEach-Object {
    $share = $_
    @{
      name = [string]$share.Name; path = [string]$share.Path; description = [string]$share.Description; special = [bool]$share.Special; encrypted = [bool]$share.EncryptData
      access = @(Get-SmbShareAccess -InputObject $share | ForEach-Object {
        @{ account = [string]$_.AccountName; sid = (SidOf ([string]$_.AccountName)); type = [string]$_.AccessControlType; right = [string]$_.AccessRight }
      })
    }
  }
}
Section 'firewall-profile' {
  Get-NetFirewallProfile -PolicyStore ActiveStore | ForEach-Object {
    @{ name = [string]$_.Name; enabled = [string]$_.Enabled; inbound = [string]$_.DefaultInboundAction; outbound = [string]$_.DefaultOutboundAction }
  }
}
# Filters all at once and joined by the rule's id: asking for those of one rule takes as long as asking for all.
Section 'firewall-rule' {
  function Index($filters) { $table = @{}; foreach ($filter in $filters) { $table[[string]$filter.InstanceID] = $filter }; return $table }
  $ports = Index (Get-NetFirewallPortFilter -PolicyStore ActiveStore)
  $addresses = Index (Get-NetFirewallAddressFilter -PolicyStore ActiveStore)
  $programs = Index (Get-NetFirewallApplicationFilter -PolicyStore ActiveStore)
  $services = Index (Get-NetFirewallServiceFilter -PolicyStore ActiveStore)
  Get-NetFirewallRule -PolicyStore ActiveStore | Where-Object { [string]$_.Enabled -eq 'True' } | ForEach-Object {
    $id = [string]$_.InstanceID
    $port = $ports[$id]; $address = $addresses[$id]
    if ($null -eq $port -or $null -eq $address) { throw ('the ports or addresses of the rule ' + $id + ' are missing') }
    @{
      name = [string]$_.Name; displayName = [string]$_.DisplayName; direction = [string]$_.Direction; action = [string]$_.Action
      profiles = [string]$_.Profile; from = [string]$_.PolicyStoreSourceType
      protocol = [string]$port.Protocol; localPorts = @($port.LocalPort | ForEach-Object { [string]$_ }); remotePorts = @($port.RemotePort | ForEach-Object { [string]$_ })
      localAddresses = @($address.LocalAddress | ForEach-Object { [string]$_ }); remoteAddresses = @($address.RemoteAddress | ForEach-Object { [string]$_ })
      program = [string]$programs[$id].Program; service = [string]$services[$id].Service
    }
  }
}
Tell @{ end = $state.lines }
$out.Flush()
