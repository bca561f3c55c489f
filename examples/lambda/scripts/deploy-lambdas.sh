#!/usr/bin/env bash
# Deploys new code to the functions. `deploy-lambdas.sh --help` says how. It needs the AWS CLI, version 1 or 2, and Node.
set -euo pipefail

folder=$(cd "$(dirname "$0")/.." && pwd)
root=$(cd "$folder/../.." && pwd)
prefix=rowgate
alias=live
dry_run=false
build=true
names=()

usage() {
  cat <<END
Usage: deploy-lambdas.sh [--dry-run] [--no-build] [--prefix PREFIX] [NAME...]

Deploys the functions that you name, or all functions of settings.json. First it publishes a version of
each function whose code has changed. Then it moves their aliases "$alias" to these versions.

  --dry-run        build and check, print what would change, but change nothing
  --no-build       deploy the archives in dist-lambda/ as they are
  --prefix PREFIX  the functions are called PREFIX-NAME (default: $prefix)

AWS_PROFILE and AWS_REGION choose the account and the region.
END
}

main() {
  need node
  read_arguments "$@"
  need aws
  if $build; then (cd "$root" && npm run --silent build:lambda); fi
  stage=check
  trap explain_failure EXIT
  check_all
  if $dry_run; then
    echo "Dry run: nothing was changed."
  elif ((${#changed[@]} == 0)); then
    echo "Nothing to deploy."
  else
    stage=publish
    for name in "${changed[@]}"; do publish "$name"; done
    stage=move
    move_aliases
    echo "Deployed ${#changed[@]} of ${#names[@]} functions. Executions that were running may call both versions; they try again on DEPLOYMENT_MIXED."
  fi
  stage=over
}

read_arguments() {
  local known name
  known=$(node -p 'Object.keys(JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).functions).join("\n")' "$folder/settings.json")
  while (($# > 0)); do
    case $1 in
      --dry-run) dry_run=true ;;
      --no-build) build=false ;;
      --prefix)
        [[ ${2:-} =~ ^[A-Za-z0-9_][A-Za-z0-9_-]*$ ]] || refuse "--prefix needs a value of letters, digits, hyphens and underscores, such as --prefix orders."
        prefix=$2
        shift
        ;;
      -h | --help)
        usage
        exit
        ;;
      -*) refuse "There is no option $1." ;;
      *)
        grep -qxF -- "$1" <<<"$known" || refuse "There is no function $1. The functions are: $(tr '\n' ' ' <<<"$known")"
        # A name that is given twice counts once.
        [[ " ${names[*]-} " == *" $1 "* ]] || names+=("$1")
        ;;
    esac
    shift
  done
  if ((${#names[@]} == 0)); then
    while IFS= read -r name; do names+=("$name"); done <<<"$known"
  fi
}

need() {
  command -v "$1" >/dev/null || fail "The command $1 is missing. Install it, and run the script again."
}

refuse() {
  echo "$1" >&2
  echo "Run deploy-lambdas.sh --help to see how to call it." >&2
  exit 2
}

changed=() # names of the functions to deploy, and for each:
before=()  # the version of the alias
after=()   # the version that was published
moved=0    # how many of their aliases have moved

# Finds out what to deploy, without changing anything, so that a missing function or permission stops the script before it begins.
check_all() {
  local account name live version
  account=$(aws sts get-caller-identity --query Account --output text)
  echo "Account $account, functions $prefix-*"
  for name in "${names[@]}"; do
    [ -f "$(archive_of "$name")" ] || fail "There is no archive $(archive_of "$name"). Run npm run build:lambda, or leave out --no-build."
    is_zip "$(archive_of "$name")" || fail "The file $(archive_of "$name") is not a complete zip archive. Run npm run build:lambda."
    live=$(aws lambda get-function-configuration --function-name "$prefix-$name" --qualifier "$alias" --query '[Version, CodeSha256]' --output text) ||
      fail "The function $prefix-$name or its alias \"$alias\" is missing, or you may not read it. Create it with npm run deploy."
    read -r version live <<<"$live"
    if [ "$live" = "$(hash_of "$(archive_of "$name")")" ]; then
      echo "  $name: unchanged, version $version"
    else
      echo "  $name: version $version has other code"
      changed+=("$name")
      before+=("$version")
    fi
  done
}

archive_of() {
  echo "$root/dist-lambda/$1.zip"
}

# Whether a file begins and ends as a zip archive does: its last record says where the directory is, and that it ends there.
is_zip() {
  node -e '
    const bytes = require("fs").readFileSync(process.argv[1])
    const end = bytes.lastIndexOf("PK\u0005\u0006")
    const whole = end >= 0 && end + 22 <= bytes.length && bytes.readUInt32LE(end + 12) + bytes.readUInt32LE(end + 16) === end
    process.exit(whole && bytes.readUInt32LE(0) === 0x04034b50 ? 0 : 1)
  ' "$1"
}

# The hash of a file as Lambda writes it.
hash_of() {
  node -p 'require("crypto").createHash("sha256").update(require("fs").readFileSync(process.argv[1])).digest("base64")' "$1"
}

# Updates the code of a function and publishes a version of it, which nothing calls yet.
publish() {
  local function="$prefix-$1" hash version revision
  revision=$(git -C "$root" describe --always --dirty 2>/dev/null || echo unknown)
  hash=$(aws lambda update-function-code --function-name "$function" --zip-file "fileb://$(archive_of "$1")" --query CodeSha256 --output text)
  aws lambda wait function-updated-v2 --function-name "$function"
  # If somebody else has deployed meanwhile, the hash differs, and this fails.
  version=$(aws lambda publish-version --function-name "$function" --code-sha256 "$hash" --description "$revision" --query Version --output text)
  aws lambda wait published-version-active --function-name "$function" --qualifier "$version"
  after+=("$version")
  echo "  $1: published version $version"
}

move_aliases() {
  local at
  for at in "${!changed[@]}"; do
    move "$at" "${after[$at]}" >/dev/null
    moved=$((at + 1))
    echo "  ${changed[$at]}: alias \"$alias\" moved from version ${before[$at]} to ${after[$at]}"
  done
}

move() {
  aws lambda update-alias --function-name "$prefix-${changed[$1]}" --name "$alias" --function-version "$2"
}

fail() {
  echo "$1" >&2
  exit 1
}

explain_failure() {
  local status=$? at
  ((status == 0)) && return
  {
    case $stage in
      check) echo "STOPPED before anything was changed." ;;
      publish)
        echo "STOPPED while publishing. No alias has moved, so all executions still run the old code."
        echo "Correct the error above, and run the script again."
        ;;
      move)
        echo "STOPPED after $moved of ${#changed[@]} aliases. Functions of different versions may not work together."
        echo "To finish, run:"
        for ((at = moved; at < ${#changed[@]}; at++)); do command_for "$at" "${after[$at]}"; done
        if ((moved > 0)); then
          echo "Or, to go back, run:"
          for ((at = 0; at < moved; at++)); do command_for "$at" "${before[$at]}"; done
        fi
        ;;
    esac
  } >&2
}

command_for() {
  echo "  aws lambda update-alias --function-name $prefix-${changed[$1]} --name $alias --function-version $2"
}

main "$@"
