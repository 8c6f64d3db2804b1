#!/usr/bin/env bats
# The words in the agency's own hands: templates, export, diff, reset.

load helpers

SHIPPED=$BATS_TEST_DIRNAME/../../templates

# older NAME SED [LIST]: makes it look as if NAME had been exported by an older program, in which SED had not been done yet: what
# stands in the folder, and what is kept of it, is not what is built in now.
older() {
	/usr/bin/python3 -B - "$@" <<-'E'
		import json, subprocess, sys
		name, script, files = (sys.argv[1:] + ["files"])[:3]
		old = subprocess.run(["sed", script, "templates/" + name], stdout=subprocess.PIPE, check=True).stdout
		assert old != open("templates/" + name, "rb").read()
		h = 14695981039346656037
		for byte in old:
		    h = (h ^ byte) * 1099511628211 % 2 ** 64
		manifest = json.load(open("templates/.pps-templates.json"))
		manifest[files][name] = "%016x" % h
		json.dump(manifest, open("templates/.pps-templates.json", "w"))
		for folder in "templates/", "templates/.pps-base/":
		    open(folder + name, "wb").write(old)
	E
}

@test "the list: what is built in, what is yours" {
	ok templates
	line 'letters/ru/packing.md             built in'
	no_line 'yours'
	grep -qE '^[0-9]+ templates, 0 of them in \./templates$' .out
	mkdir -p templates/letters/ru templates/sms/ru
	cp "$SHIPPED/letters/ru/packing.md" templates/letters/ru
	echo >>templates/letters/ru/packing.md
	cp "$SHIPPED/letters/ru/loyalty.md" templates/letters/ru
	echo x >templates/sms/ru/our-step.txt
	echo x >templates/letters/ru/packing.md~
	echo x >templates/notes.txt
	ok templates
	line 'letters/ru/packing.md             yours, changed'
	line 'letters/ru/loyalty.md             yours, as built in'
	line 'sms/ru/our-step.txt               yours alone'
	no_line 'notes|~'
	ok templates list --json
	json pps.templates/1 folder ./templates 'files[name=letters/ru/packing.md].state' changed \
		'files[name=letters/en/packing.md].state' built-in 'files[name=sms/ru/our-step.txt].state' own
}

@test "export writes them all, and every message stays as it was, byte for byte" {
	maria
	ok preview --all --trip T1 --as-html before.html
	ok preview --all --trip T1 --lang en --as-html before-en.html
	ok templates export
	grep -qE '^\./templates: [0-9]+ written, 0 brought up to date, 0 as built in, 0 left$' .out
	line './templates is the folder that is used: edit the files there, then pps doctor'
	for name in letters/ru/packing.md sms/en/preflight.txt scripts/ru/preflight.md layout/letter.html; do
		cmp "$SHIPPED/$name" "templates/$name"
		cmp "$SHIPPED/$name" "templates/.pps-base/$name"
	done
	[ ! -e templates/playbook.json ] && [ ! -e templates/gateways ]
	ok preview --all --trip T1 --as-html after.html
	cmp before.html after.html
	ok preview --all --trip T1 --lang en --as-html after-en.html
	cmp before-en.html after-en.html
	ok templates diff
	out './templates: nothing differs from what is built in'
	ok tick
	ok doctor --quiet
	n=$(find templates -type f ! -path '*/.pps-*' | wc -l)
	ok templates export
	line "./templates: 0 written, 0 brought up to date, $n as built in, 0 left"
}

@test "one language; another folder, and how to use it" {
	ok templates export words --lang en
	[ -e words/letters/en/packing.md ] && [ -e words/layout/letter.html ]
	[ ! -e words/letters/ru ] && [ ! -e words/sms/ru ]
	line "to use them, write into ./pps.json: \"templates\": \"$PWD/words\""
	ok templates export words --lang ru
	[ -e words/letters/ru/packing.md ]
	ok templates --dir words --json
	json pps.templates/1 folder words 'files[name=letters/ru/packing.md].state' as-shipped
	sed -i "1,/{/s|{|{\"templates\": \"$PWD/words\",|" pps.json
	ok templates
	line "letters/ru/packing.md             yours, as built in"
	fails 66 'nothing is built in for the language "xx"' templates export more --lang xx
	[ ! -e more ]
}

@test "what you have changed is left alone, and shown" {
	ok templates export
	sed -i 's/чемодан/рюкзак/' templates/letters/ru/packing.md
	cp templates/letters/ru/packing.md mine
	ok templates export
	line 'letters/ru/packing.md: you have changed it, left as it is'
	grep -qE ', 1 left$' .out
	cmp mine templates/letters/ru/packing.md
	ok templates diff
	line 'letters/ru/packing.md: you have changed it'
	line '--- built-in letters/ru/packing.md'
	line '+++ ./templates/letters/ru/packing.md'
	grep -q '^-Subject: .*чемодан' .out
	grep -q '^+Subject: .*рюкзак' .out
	cp .out whole
	sed -i 's/Мария/Маша/; 1s/$/!/' templates/letters/ru/thank-you.md
	for name in letters/ru/packing.md ./templates/letters/ru/packing.md; do
		ok templates diff $name             # of one template alone
		cmp .out whole
	done
	ok templates diff letters/ru/birthday.md
	out 'letters/ru/birthday.md: nothing differs from what is built in'
	fails 66 'there is no template "letters/ru/pcking.md": did you mean letters/ru/packing.md?' templates diff letters/ru/pcking.md
	ok templates reset letters/ru/thank-you.md
	ok templates diff --json
	json pps.templates/1 files# 1 files[0].state changed files[0].built_in null
	ok templates export --force
	line 'letters/ru/packing.md: written anew, yours is kept as NAME~'
	cmp mine templates/letters/ru/packing.md~
	cmp "$SHIPPED/letters/ru/packing.md" templates/letters/ru/packing.md
	# The copy is used by nobody.
	maria
	ok preview packing --trip T1
	no_line 'рюкзак'
}

@test "after an upgrade: what the built-in ones changed since the export" {
	ok templates export
	older letters/ru/packing.md 's/чемодан/сундук/'
	older letters/ru/loyalty.md '$s/$/ До скорого!/'
	echo 'Наша строка.' >>templates/letters/ru/loyalty.md
	ok templates
	line 'letters/ru/packing.md             yours; the built-in one is newer'
	line 'letters/ru/loyalty.md             yours, changed; the built-in one is newer, too'
	line '2 built-in ones are newer than yours: pps templates diff shows what has changed'
	ok doctor
	line 'note   templates     2 of yours are older than the built-in ones, 1 changed by you: pps templates diff'
	ok doctor --json
	json pps.doctor/1 faults 0
	ok templates diff
	line 'letters/ru/packing.md: the built-in one has changed, yours has not; pps templates reset letters/ru/packing.md takes the new one'
	line '--- built-in letters/ru/packing.md, as exported'
	line '+++ built-in letters/ru/packing.md'
	grep -q '^-Subject: .*сундук' .out
	grep -q '^+Subject: .*чемодан' .out
	line 'letters/ru/loyalty.md: you have changed it, and so has the built-in one; pps templates reset letters/ru/loyalty.md takes the new one'
	line '+Наша строка.'
	grep -q '^-.* До скорого!$' .out
	ok templates diff --json
	json pps.templates/1 files# 2 'files[name=letters/ru/packing.md].state' shipped-changed \
		'files[name=letters/ru/packing.md].yours' null 'files[name=letters/ru/loyalty.md].state' both-changed
	# An export takes what nobody has touched, and leaves the rest.
	ok templates export
	grep -qE '^\./templates: 0 written, 1 brought up to date, [0-9]+ as built in, 1 left$' .out
	cmp "$SHIPPED/letters/ru/packing.md" templates/letters/ru/packing.md
	tail -n 1 templates/letters/ru/loyalty.md | grep -qx 'Наша строка.'
	ok doctor
	line 'note   templates     1 of yours is older than the built-in one, 1 changed by you: pps templates diff'
	# Without the copy of what it came from there is one comparison instead of two.
	rm templates/.pps-base/letters/ru/loyalty.md
	ok templates diff
	line '--- built-in letters/ru/loyalty.md'
	# Without anything of it, all that differs is taken for yours.
	rm -r templates/.pps-base templates/.pps-templates.json
	ok templates
	line 'letters/ru/loyalty.md             yours, changed'
	ok doctor
	no_line 'older than'
}

@test "reset puts the built-in one back, undo yours, and so on" {
	ok templates export
	older letters/ru/packing.md 's/чемодан/сундук/'
	echo 'Наша строка.' >>templates/letters/ru/packing.md
	cp templates/letters/ru/packing.md mine
	ok templates reset letters/ru/packing.md
	out 'letters/ru/packing.md: as built in; yours is kept as letters/ru/packing.md~ (pps templates reset --undo letters/ru/packing.md takes it back)'
	cmp "$SHIPPED/letters/ru/packing.md" templates/letters/ru/packing.md
	cmp mine templates/letters/ru/packing.md~
	ok templates diff
	out './templates: nothing differs from what is built in'
	ok templates reset --undo letters/ru/packing.md
	out 'letters/ru/packing.md: as it was before (the same once more takes that back)'
	cmp mine templates/letters/ru/packing.md
	ok templates
	line 'letters/ru/packing.md             yours, changed; the built-in one is newer, too'
	ok templates reset --undo templates/letters/ru/packing.md
	ok templates
	line 'letters/ru/packing.md             yours, as built in'
	ok templates reset letters/ru/packing.md sms/ru/preflight.txt --json
	json pps.templates/1 files# 2
	rm templates/sms/ru/preflight.txt
	ok templates reset sms/ru/preflight.txt letters/ru/packing.md
	out <<-'E'
		sms/ru/preflight.txt: written, as built in
		letters/ru/packing.md: is as built in already
	E
}

@test "export --force keeps what the file came from, too" {
	ok templates export
	older letters/ru/loyalty.md '$s/$/ До скорого!/'
	echo 'Наша строка.' >>templates/letters/ru/loyalty.md
	cp templates/letters/ru/loyalty.md mine
	ok templates export --force
	line 'pps templates reset --undo NAME puts yours back'
	ok templates reset --undo letters/ru/loyalty.md
	cmp mine templates/letters/ru/loyalty.md
	ok templates
	line 'letters/ru/loyalty.md             yours, changed; the built-in one is newer, too'
	ok templates diff
	grep -q '^-.* До скорого!$' .out
}

@test "an export that ends in the middle leaves nothing behind, and an upgrade after it finds its files" {
	mkdir -p templates/.pps-base
	echo 'in the way' >templates/.pps-base/scripts
	answers 74 templates export
	[ -e templates/letters/ru/packing.md ] && [ ! -e templates/sms ]
	older letters/ru/packing.md 's/чемодан/сундук/' coming
	older letters/ru/loyalty.md '$s/$/ До скорого!/' coming
	echo 'Наша строка.' >>templates/letters/ru/loyalty.md
	rm templates/.pps-base/scripts templates/.pps-base/letters/ru/packing.md # killed between the file and its copy
	ok templates
	line 'letters/ru/packing.md             yours; the built-in one is newer'
	line 'letters/ru/loyalty.md             yours, changed; the built-in one is newer, too'
	line 'sms/ru/preflight.txt              built in'
	# What was being written then is swept away; what another export is writing now stays, and so does what is somebody's.
	touch templates/letters/ru/packing.md.1999999999.tmp templates/letters/ru/packing.md~.1999999999.tmp \
		templates/.pps-base/letters/ru/packing.md.1999999999.tmp templates/.pps-templates.json.1999999999.tmp \
		"templates/letters/ru/packing.md.$$.tmp" templates/letters/ru/ours.1999999999.tmp
	ok templates
	no_line 'tmp'
	ok templates export
	grep -qE '^\./templates: [0-9]+ written, 1 brought up to date, [0-9]+ as built in, 1 left$' .out
	find templates -name '*.tmp' | sort >left
	printf '%s\n' templates/letters/ru/ours.1999999999.tmp "templates/letters/ru/packing.md.$$.tmp" | sort | cmp - left
	! grep -q coming templates/.pps-templates.json
	ok templates
	line 'letters/ru/packing.md             yours, as built in'
	line 'letters/ru/loyalty.md             yours, changed; the built-in one is newer, too'
	# A reset that ends in the middle, likewise.
	older letters/ru/packing.md 's/чемодан/сундук/'
	mkdir templates/letters/ru/packing.md~
	answers 74 templates reset letters/ru/loyalty.md letters/ru/packing.md
	ok templates
	line 'letters/ru/loyalty.md             yours, as built in'
	line 'letters/ru/packing.md             yours; the built-in one is newer'
}

@test "what pps init writes is known, too" {
	ok init --db new/pps.db --agency x
	ok --db new/pps.db templates
	no_line '   built in$|changed'
	ok --db new/pps.db templates diff
	out 'new/templates: nothing differs from what is built in'
	echo >>new/templates/playbook.json
	ok --db new/pps.db templates diff
	line 'playbook.json: you have changed it'
}

@test "every slip" {
	fails 66 'there is no folder ./templates: pps templates export makes it' templates diff
	fails 66 'there is no folder ./templates: pps templates export makes it' templates reset letters/ru/packing.md
	ok templates export
	find templates -type f -exec md5sum {} + >before
	fails 64 'usage: pps templates [list], export, diff or reset …' templates exprot
	fails 64 'usage: pps templates reset [--undo] NAME …' templates reset
	fails 64 'usage: pps templates diff [FOLDER]' templates diff a b
	fails 64 '--force does not belong to pps templates diff' templates diff --force
	fails 64 '--undo does not belong to pps templates export' templates export --undo
	fails 66 'there is no template "leters/ru/packing.md": did you mean letters/ru/packing.md?' \
		templates reset letters/ru/loyalty.md leters/ru/packing.md
	fails 66 'there is no ./templates/letters/ru/packing.md~: nothing was kept of letters/ru/packing.md' \
		templates reset --undo letters/ru/packing.md
	md5sum --quiet -c before
	echo x >templates/sms/ru/our-step.txt
	fails 65 'sms/ru/our-step.txt is yours alone: no built-in one can take its place' templates reset sms/ru/our-step.txt
	echo '{' >templates/.pps-templates.json
	answers 65 templates
	grep -qE '^pps: \./templates/\.pps-templates\.json:.*: delete it, and what the files came from is forgotten$' .err
	rm templates/.pps-templates.json
	echo x >>templates/sms/ru/preflight.txt
	with PATH=/nowhere
	fails 69 'there is no program diff: install diffutils' templates diff
	touch file
	answers 74 templates export file
}

@test "a link that leads out of the folder is neither read nor written through" {
	local said='is a link that leads out of the folder ./templates: put the file itself there'
	ok templates export --lang ru
	echo secret >secret
	ln -sf ../../../secret templates/letters/ru/packing.md
	for words in diff 'reset letters/ru/packing.md' export list; do
		# shellcheck disable=SC2086 # words
		fails 74 "./templates/letters/ru/packing.md $said" templates $words
	done
	[ ! -e templates/letters/ru/packing.md~ ]
	rm templates/letters/ru/packing.md
	mkdir elsewhere
	mv templates/sms elsewhere                      # a whole folder, and a file that is not there yet
	rm -r elsewhere/sms/*
	ln -s ../elsewhere/sms templates/sms
	answers 74 templates reset sms/ru/bon-voyage.txt
	grep -q "$said" .err
	[ -z "$(ls elsewhere/sms)" ]
	rm templates/sms
	mv elsewhere/sms templates
	mv templates/.pps-base elsewhere
	ln -s ../elsewhere/.pps-base templates
	fails 74 "./templates/.pps-base $said" templates reset sms/ru/bon-voyage.txt
	rm templates/.pps-base
	mv elsewhere/.pps-base templates
	mv templates/letters/ru/thank-you.md templates/mine    # within the folder they are fine
	ln -s ../../mine templates/letters/ru/thank-you.md
	ok templates diff
	out './templates: nothing differs from what is built in'
}
