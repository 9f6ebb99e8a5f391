/** User agents as the tools really send them. */
export const AGENTS = {
  terraform: (service: string) =>
    `APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.82.2 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.32.6 ua/2.1 os/linux lang/go#1.23.3 md/GOOS#linux md/GOARCH#amd64 api/${service}#1.195.0`,
  console: () => 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  cli: (service: string) =>
    `aws-cli/2.22.12 md/awscrt#0.23.4 ua/2.0 os/linux#6.8.0-51-generic md/arch#x86_64 lang/python#3.12.6 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/distrib#ubuntu.24 md/prompt#off md/command#${service}`,
  boto: (service: string) =>
    `Boto3/1.35.80 md/Botocore#1.35.80 ua/2.0 os/linux md/arch#x86_64 lang/python#3.11.9 cfg/retry-mode#legacy api/${service}`,
} as const satisfies Record<string, (service: string) => string>;
