# What a host runs to tell of itself: plain POSIX shell, for dash, busybox and bash. It writes nothing.
# request.ts puts values and questions around it; frames.ts reads the answers: records of fields that end with a NUL, and
# contents that end with a mark nobody on the host can know beforehand. Paths are relative to / unless said otherwise.
# GNU find and tar do the bulk in a few processes; elsewhere (busybox) the same answers come file by file.

field() { printf '%s\0' "$@"; }
mark() { printf '\0%s\0' "$mark"; }

# Whether what is not at an absolute path may be there all the same: a folder on the way may not be searched.
hidden() {
  way=$1
  while [ -n "$way" ]; do
    way=${way%/*}
    if [ -d "${way:-/}" ]; then [ ! -x "${way:-/}" ]; return; fi
    if [ -e "$way" ]; then return 1; fi
  done
  return 1
}
missing() { if hidden "$1"; then field '!Permission denied'; else field -; fi; }

# A file as facts read it: links followed, to its end whatever its size says.
text() {
  field "t$1"
  if [ -f "/$1" ] && [ -r "/$1" ]; then
    field +
    head -c "$max_text" -- "/$1" 2>/dev/null
    code=$?
    mark
    if [ "$code" = 0 ]; then field ''; else field "$(head -c 1 -- "/$1" 2>&1 >/dev/null)"; fi
  elif [ -f "/$1" ]; then field '!Permission denied'
  elif [ -e "/$1" ]; then field -
  else missing "/$1"; fi
}
texts() { for wanted; do text "${wanted#/}"; done; }

# The names in a folder, links followed.
list() {
  field "d$1"
  if [ ! -d "/$1" ]; then missing "/$1"
  elif [ ! -r "/$1" ] || [ ! -x "/$1" ]; then field '!Permission denied'
  else
    field +
    for each in "/$1"/* "/$1"/.[!.]* "/$1"/..?*; do
      if [ -e "$each" ] || [ -h "$each" ]; then field "${each##*/}"; fi
    done
    field ''
  fi
}

# What stands at a path itself.
look() {
  field "k$1"
  if [ -h "/$1" ]; then field l; readlink -n -- "/$1"; field ''
  elif [ -e "/$1" ]; then field e
  else missing "/$1"; fi
}

# How full the file system of a mount point is.
fill() { field "v$1" "$(stat -f -c '%b %f %a %c %d' -- "/$1" 2>&1)"; }

# What a program prints; a shell keeps no NUL, and none is expected. One that failed with nothing to say is asked why.
run() {
  if command -v -- "$1" >/dev/null 2>&1; then
    printed=$($bounded "$@" 2>/dev/null; printf 'x%s' "$?")
    code=${printed##*x} why=
    if [ "$code" != 0 ] && [ "$printed" = "x$code" ]; then why=$($bounded "$@" 2>&1 >/dev/null | head -c 1000); fi
    field "c$#" "$@" "$code" "${printed%x*}" "$why"
  else field "c$#" "$@" none '' ''; fi
}

# One file's bytes, or the digest of a large one, between size and time before and after. The path is absolute.
single() {
  if [ -h "$1" ] || [ ! -f "$1" ]; then
    field "s${1#/}"
    if [ -e "$1" ] || [ -h "$1" ]; then field -; else missing "$1"; fi
  elif [ ! -r "$1" ]; then field "s${1#/}" '!Permission denied'
  else
    before=$(stat -c '%s %Y' -- "$1")
    size=${before%% *}
    if [ -z "$size" ]; then field "s${1#/}" -
    elif [ "$size" -gt "$max_content" ]; then
      if [ "$size" -le "$max_hash" ]; then how=all; sum=$(head -c "$size" -- "$1" | sha256sum)
      else how=ends; sum=$({ head -c 1048576 -- "$1"; tail -c 1048576 -- "$1"; } | sha256sum); fi
      field "h${1#/}" "$before" "$(stat -c '%s %Y' -- "$1" 2>/dev/null)" "$how" "${sum%% *}"
    else
      field "s${1#/}" "+$before"
      head -c "$size" -- "$1" 2>/dev/null
      mark
      field "$(stat -c '%s %Y' -- "$1" 2>/dev/null)"
    fi
  fi
}
singles() { for one; do single "$one"; done; }

# Type, mode, owner, group and size of absolute paths, where find cannot print them itself.
entries() {
  lines=$(stat -c '%f %u %g %s' -- "$@" 2>/dev/null) ||
    lines=$(for each; do stat -c '%f %u %g %s' -- "$each" 2>/dev/null || printf 'gone\n'; done)
  field "m$#" "$@" "$lines"
  for each; do
    if [ -h "$each" ]; then field "l${each#/}"; readlink -n -- "$each"; field ''
    elif [ -d "$each" ]; then if [ ! -r "$each" ] || [ ! -x "$each" ]; then field "r$each"; fi
    elif [ -f "$each" ] && [ ! -r "$each" ]; then field "r$each"; fi
  done
}

# All that stands below a folder; what follows its name tells find what to leave out.
tree() {
  base=$1
  shift
  look "$base"
  if [ -n "$gnu" ]; then
    errors=$(find "/$base" "$@" -printf 'n%y %m %U %G %s %p\0%l\0' \
      \( -type d \( ! -readable -o ! -executable \) -printf 'r%p\0' -o -type f ! -readable -printf 'r%p\0' \) 2>&1 >&3)
  else errors=$(find "/$base" "$@" -exec sh -c "$library
entries \"\$@\"" sh "$braces" + 2>&1 >&3); fi
  field "f$base" "$?" "$errors"
}

# What the files of a selection hold; what follows the folder's name is the selection, in find's words.
contents() {
  base=$1
  shift
  if [ -n "$gnu" ]; then
    field b
    errors=$({ find "/$base" "$@" -type f -readable ! -size +"$max_content"c -print0 2>/dev/null |
      tar -b 1 --format=gnu --numeric-owner --hard-dereference --no-recursion -P --null -T - -cf - 2>&1 >&3; })
    field "g$?" "$errors"
    set -- "$@" -type f -readable -size +"$max_content"c
  else set -- "$@" -type f; fi
  find "/$base" "$@" -exec sh -c "$library
singles \"\$@\"" sh "$braces" + 2>/dev/null
}
