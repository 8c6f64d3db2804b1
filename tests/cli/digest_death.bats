#!/usr/bin/env bats
# A tick that is killed while it sends the lists of the morning, before any of its writes, syncs and renames.

load helpers
load digests

# died_at CALL N: an agency whose tick died there; later ticks bring it to rest.
died_at() {
	rm -rf again
	cp -r start again
	(
		cd again
		ok adopt || exit 1
		killed_at "$1" "$2" tick || exit 1
		at '2026-12-09 08:36'
		pps tick
		at '2026-12-09 09:30'
		pps tick
		for who in anna olga; do
			went=$(sent "*digest-$who.eml") state=$(fate $who)
			case $state/$went in
			sent/1 | in_doubt/0 | in_doubt/1) ;;
			*)
				_complain "killed at $1 $2: $who: state $state, $went sent"
				exit 1
				;;
			esac
			echo "$state/$went" >>../fates
		done
	)
}

@test "a tick that dies at any write, rename or sync of the lists sends none twice and loses none unsaid" {
	mkdir start
	morning
	find . -maxdepth 1 ! -name start ! -name . -exec cp -r {} start/ \;
	for call in renameat2 fdatasync pwrite64 write fsync; do
		n=1 step=1
		[ "$call" != pwrite64 ] || step=7 # between two syncs one is as good as another
		while died_at "$call" "$n" >why 2>&1; do
			n=$((n + step))
		done
		grep -q 'it was not killed' why || { cat why && return 1; }
		[ "$n" -gt 1 ] || { echo "no $call at all" && return 1; }
	done
	# Deaths between the point of no return and the answer were among them, with the letter out and without it.
	grep -q 'in_doubt/0' fates
	grep -q 'in_doubt/1' fates
	grep -q 'sent/1' fates
}
