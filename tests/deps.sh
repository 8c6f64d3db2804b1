#!/bin/sh
# tests/deps.sh PACKAGE...: installs those of the named Debian packages that are missing, and nothing else.
#
# Servers among them (postfix, kannel) are wanted for their programs only: none is started, and none will start at
# the next boot. Run as root, or it asks sudo.
set -eu

say() {
	printf 'deps: %s\n' "$*"
}

die() {
	printf 'deps: %s\n' "$*" >&2
	exit 1
}

if [ $# -eq 0 ]; then
	echo "usage: tests/deps.sh PACKAGE..." >&2
	exit 64
fi
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	die "this is not a Debian system; what is needed: $*"
fi

is_installed() {
	# A package of several architectures has a line for each.
	dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

missing='' count=0
for package in "$@"; do
	if is_installed "$package"; then
		count=$((count + 1))
	else
		missing="$missing $package"
	fi
done
if [ -z "$missing" ]; then
	say "all $# packages are there"
	exit 0
fi
say "there: $count; missing:$missing"

if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null ||
		die "to install them, run as root: apt-get install --no-install-recommends$missing"
	say "asking sudo"
	exec sudo sh "$0" "$@"
fi

export DEBIAN_FRONTEND=noninteractive

# invoke-rc.d asks this program whether it may start what was just installed; 101 is no. If the machine has one, its
# word stands.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	trap 'rm -f "$policy"' EXIT
	trap 'exit 1' HUP INT TERM
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
fi

case " $missing " in
*' postfix '*)
	echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
	;;
esac

install_missing() {
	# shellcheck disable=SC2086 # the names are words
	apt-get install -y -q --no-install-recommends "$@" $missing
}

# Fresh lists only when the ones that are there do not know the packages, or name files that are gone.
if ! install_missing -s >/dev/null 2>&1; then
	say "apt-get update"
	apt-get update -q || die "apt-get update failed: see above"
	install_missing || die "apt-get could not install them: see above"
elif ! install_missing; then
	say "apt-get update, and once more"
	apt-get update -q || die "apt-get update failed: see above"
	install_missing || die "apt-get could not install them: see above"
fi

for server in postfix kannel; do
	case " $missing " in
	*" $server "*)
		if [ -e "/etc/init.d/$server" ]; then
			update-rc.d "$server" disable
			say "$server is not started, now or at boot: the tests use its programs only"
		fi
		;;
	esac
done

for package in $missing; do
	is_installed "$package" || die "$package is still missing"
done
say "installed:$missing"
