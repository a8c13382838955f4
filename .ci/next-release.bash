# Sourced: apt's options for packages of the Debian release after this one, from the mirror that apt uses already.

# Prepares folder $1 for them; the options come in the array `next`.
use_next_release() {
  local mirror
  mirror=$(mirror_of_apt)
  if [ -z "$mirror" ]; then
    apt-get update -q
    mirror=$(mirror_of_apt)
  fi
  [ -n "$mirror" ] || { echo "no packages of bookworm in apt's sources (expected: Debian 12)" >&2; return 1; }
  mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$1/next.list"
  # shellcheck disable=SC2034
  next=(
    -o Dir::Etc::SourceList="$1/next.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::State::Lists="$1/lists" -o Dir::Cache="$1/cache" -o APT::Sandbox::User=root
  )
  apt-get "${next[@]}" update -q
}

mirror_of_apt() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | sed -n 1p
}
