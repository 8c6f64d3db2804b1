#!/usr/bin/env bats
# Files that go with letters: attach, its list, moving, dropping, undo, and what the director sees of one that stays behind.

load helpers
load doubts

setup() {
	_trace_tests_only
	cp -r "$BATS_FILE_TMPDIR/agency/." "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR" || return 1
	ENV=() AS=anna
	at '2026-12-01 14:00'
	_hide_environment
	printf '%%PDF-1.4\nваучер\n' >voucher.pdf
}

@test "attach: with the next letter, or with one that is named" {
	maria
	ok attach T1 voucher.pdf
	out 'D1 voucher.pdf goes with thank-you, 01.12.2026 14:00 (pps undo D1 takes it back)'
	ok attach Иванова voucher.pdf --step packing --name 'Ваучер Анталья.pdf'
	out 'D2 Ваучер Анталья.pdf goes with packing, 03.12.2026 10:00 (pps undo D2 takes it back)'
	ok attach T1
	out <<-'END'
	document  name                size  state
	D1        voucher.pdf         22 B  goes with thank-you
	D2        Ваучер Анталья.pdf  22 B  goes with packing
	END
	ok show T1
	line '  D2 Ваучер Анталья.pdf, 22 B: goes with packing'
	ok show T1 --json
	json pps.show/1 'documents#' 2 'documents[id=D2].step' packing 'documents[id=D2].type' application/pdf \
		'documents[id=D2].bytes' 22 'documents[id=D2].state' waits
	ok attach T1 voucher.pdf --step challenge --json
	json pps.attach/1 document.id D3 document.step challenge document.state waits document.occasion T1 document.client C1
}

@test "attach: what is attached is kept, whatever becomes of the file" {
	maria
	cp voucher.pdf before.pdf
	ok attach T1 voucher.pdf
	rm voucher.pdf
	ok attach D1 --save after.pdf
	out 'D1 voucher.pdf: written to after.pdf'
	cmp before.pdf after.pdf
	fails 73 'after.pdf exists already' attach D1 --save after.pdf
}

@test "attach: every slip, and nothing is kept" {
	maria
	: >empty.pdf
	printf '#!/bin/sh\n' >go.pdf
	head -c 5300000 /dev/zero >big.pdf
	dump .before
	fails 66 'there is no trip T9: look for it with pps find' attach T9 voucher.pdf
	fails 66 'cannot open none.pdf: No such file or directory' attach T1 none.pdf
	mkfifo pipe.pdf
	fails 74 'cannot read pipe.pdf: it is no ordinary file' attach T1 pipe.pdf
	fails 65 'empty.pdf is empty: save it again, then attach it' attach T1 empty.pdf
	fails 65 'go.pdf is a program, and mail servers refuse that: send another file' attach T1 go.pdf
	fails 65 'big.pdf weighs 6 MB, and a document may weigh 5: make it smaller' attach T1 big.pdf
	fails 65 'name "../x.pdf" contains /: it is what the client will see, such as --name "Ваучер.pdf"' \
		attach T1 voucher.pdf --name ../x.pdf
	fails 65 'name contains a control character (U+001B): type it again by hand' attach T1 voucher.pdf --name $'\e[2J.pdf'
	for sign in 200C 034F 3164; do
		printf -v name "вауч\u$sign%s" ер.pdf
		fails 65 "name contains a sign that nobody sees (U+$sign): give it another one, such as --name \"Ваучер.pdf\"" \
			attach T1 voucher.pdf --name "$name"
	done
	cp voucher.pdf "$name"
	fails 65 "name contains a sign that nobody sees (U+3164): give it another one, such as --name \"Ваучер.pdf\"" attach T1 "$name"
	fails 64 'usage: pps attach D1 --step STEP | --drop | --save FILE' attach D1
	fails 64 'usage: pps attach D1 --step STEP | --drop | --save FILE' attach D1 --drop --step packing
	fails 64 '--drop and --save are for a document: pps attach D3 --drop' attach T1 --drop
	fails 64 'say which file: pps attach T1 FILE' attach T1 --step packing
	fails 66 'there is no D1: pps attach TRIP lists those of a trip' attach D1 --drop
	dump .after
	cmp .before .after
}

@test "attach: what mail servers refuse, and what its reader could not open" {
	maria
	cp voucher.pdf booking.com
	printf 'echo\n' >run.bat
	printf '\377\330\377\340' >scan.pdf
	printf '\n<!DOCTYPE html>\n' >page.jpg
	printf '\0\0\0\030ftypheic' >phone.heic
	python3 - <<-'END'
	import zipfile
	for name, inner in {"photos.zip": "Фото/1.jpg", "setup.zip": "a/Setup.EXE", "offer.docx": "word/vbaProject.bin",
	                    "locked.zip": "voucher.pdf", "cut.zip": "voucher.pdf"}.items():
	    with zipfile.ZipFile(name, "w") as f:
	        f.writestr(inner, "x")
	for name, change in {"locked.zip": lambda b: b.replace(b"PK\1\2\24\3\24\0\0", b"PK\1\2\24\3\24\0\1"), "cut.zip": lambda b: b[:-9]}.items():
	    with open(name, "rb") as f:
	        was = f.read()
	    assert change(was) != was
	    with open(name, "wb") as f:
	        f.write(change(was))
	END
	printf 'Rar!\032\007\001' >vouchers.rar
	dump .before
	fails 65 'vouchers.rar is a RAR archive, which telephones do not open: unpack it, and send the files themselves or a ZIP' \
		attach T1 vouchers.rar
	fails 65 'run.bat ends in .bat, and mail servers refuse such files: give it the ending of what it is, or make a PDF of it' \
		attach T1 run.bat
	fails 65 'booking.com ends in .com, and mail servers refuse such files: give it the ending of what it is, or make a PDF of it' \
		attach T1 booking.com
	fails 65 'photo.jpg.exe ends in .exe, and mail servers refuse such files: give it the ending of what it is, or make a PDF of it' \
		attach T1 voucher.pdf --name photo.jpg.exe
	fails 65 'offer.xlsm may hold macros, and mail servers refuse that: save it as PDF, or without them as .xlsx' \
		attach T1 voucher.pdf --name offer.xlsm
	fails 65 'setup.zip holds "a/Setup.EXE", and mail servers refuse that: pack it anew without this file' attach T1 setup.zip
	fails 65 'offer.docx holds macros, and mail servers refuse that: save it as PDF, or without them' attach T1 offer.docx
	fails 65 'locked.zip has a password, and mail servers refuse what they cannot look into: pack it without one' attach T1 locked.zip
	fails 65 'cut.zip is damaged, its list of files cannot be read: make it anew' attach T1 cut.zip
	fails 65 'scan.pdf is a JPEG picture, not what .pdf says, and may not open: name it "scan.jpg"' attach T1 scan.pdf
	fails 65 'page.jpg is a web page, not what .jpg says, and would not open: save the file itself' attach T1 page.jpg
	fails 65 'phone.jpg is a HEIC picture, not what .jpg says, and may not open: name it "phone.heic"' \
		attach T1 phone.heic --name phone.jpg
	dump .after
	cmp .before .after
	ok attach T1 photos.zip
	ok attach T1 phone.heic
	ok attach T1 scan.pdf --name scan.jpeg
	ok attach T1 booking.com --name 'Ваучер booking.com.pdf'
	ok attach T1 --json
	json pps.attach/1 'documents[id=D1].type' application/zip 'documents[id=D2].type' image/heic \
		'documents[id=D3].type' image/jpeg 'documents[id=D4].type' application/pdf
}

@test "attach: only a letter that is still to go by e-mail takes a document" {
	maria
	ok tick
	answers 77 attach T1 voucher.pdf --step thank-you
	err 'pps: thank-you is sent already, no document can go with it: choose one of packing, challenge, welcome-home, loyalty, referral-story, tell-friends, second-survey, next-trip, anniversary'
	answers 77 attach T1 voucher.pdf --step preflight
	err 'pps: preflight is no letter here, it goes by call: choose one of packing, challenge, welcome-home, loyalty, referral-story, tell-friends, second-survey, next-trip, anniversary'
	answers 66 attach T1 voucher.pdf --step pakcing
	err 'pps: T1 has no step "pakcing": choose one of packing, challenge, welcome-home, loyalty, referral-story, tell-friends, second-survey, next-trip, anniversary'
	ok attach T1 voucher.pdf --step packing
	fails 73 'there is a document "voucher.pdf" with packing already: give this one another --name' \
		attach T1 voucher.pdf --step packing
	ok add-client --name 'Пётр Ким' --phone '+7 903 000-00-02' --departure 2026-12-20 --return 2026-12-27
	fails 77 'T2 has no letter that is still to go: nothing can take a document along' attach T2 voucher.pdf
	ok cancel-trip T1
	fails 77 'T1 is cancelled: pps undo T1 brings it back first' attach T1 voucher.pdf --step challenge
}

@test "attach: the database itself is no document" {
	maria
	fails 65 'pps.db is a database, and no client is to get that: nothing was attached' attach T1 pps.db
}

@test "attach: ten megabytes are enough for one letter" {
	maria
	head -c 4900000 /dev/zero >half.bin
	ok attach T1 half.bin --step packing
	ok attach T1 half.bin --step packing --name second.bin
	fails 65 'packing would weigh 15 MB with it, and may weigh 10: use another letter, or make the file smaller' \
		attach T1 half.bin --step packing --name third.bin
	ok attach T1 half.bin --step challenge
}

@test "attach: moved, dropped, and all of it taken back" {
	maria
	ok attach T1 voucher.pdf --step packing
	ok attach D1 --step challenge
	out 'D1 voucher.pdf goes with challenge, 08.12.2026 10:00 (pps undo D1 takes it back)'
	ok undo D1
	out 'document-move of D1 is taken back: it goes with packing'
	ok attach D1 --drop
	fails 77 'D1 was dropped before: pps attach D1 --step packing has it go after all' attach D1 --drop
	ok undo
	out 'document-drop of D1 is taken back: it goes with packing'
	ok undo D1
	out 'document-add of D1 is taken back: it does not go'
	ok attach D1 --step challenge
	out 'D1 voucher.pdf goes with challenge, 08.12.2026 10:00 (pps undo D1 takes it back)'
	ok undo D1
	ok attach T1 voucher.pdf --step packing
	ok attach T1
	out <<-'END'
	document  name         size  state
	D1        voucher.pdf  22 B  dropped
	D2        voucher.pdf  22 B  goes with packing
	END
}

@test "attach: it goes with its letter, once, and what has gone stays gone" {
	maria
	ok attach T1 voucher.pdf --name 'Ваучер, «Анталья».pdf'
	ok tick
	ok attach T1
	line 'D1        Ваучер, «Анталья».pdf  22 B  sent with thank-you'
	fails 77 'D1 has gone with thank-you: nothing was changed' attach D1 --drop
	fails 77 'D1 has gone with thank-you: nothing was changed' undo D1
	mail=$(echo outbox/*.eml)
	run python3 - "$mail" voucher.pdf <<-'END'
	import email, email.policy, sys
	m = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
	parts = list(m.iter_attachments())
	assert [p.get_filename() for p in parts] == ["Ваучер, «Анталья».pdf"], [p.get_filename() for p in parts]
	assert parts[0].get_content_type() == "application/pdf", parts[0].get_content_type()
	assert parts[0].get_content() == open(sys.argv[2], "rb").read()
	assert not m.defects and not [d for p in m.walk() for d in p.defects]
	END
	[ "$status" -eq 0 ] || { echo "$output"; false; }
}

@test "attach: a name that looks like an encoded word, and one with accents that stand alone, arrive as they are" {
	maria
	ok attach T1 voucher.pdf --name '=?utf-8?q?x?=.pdf'
	ok attach T1 voucher.pdf --name $'и\u0306од 100%.pdf'
	ok tick
	run python3 - outbox/*.eml <<-'END'
	import email, email.policy, sys
	names = ["=?utf-8?q?x?=.pdf", "и\u0306од 100%.pdf"]
	for policy in email.policy.default, email.policy.compat32:
	    m = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=policy)
	    assert [p.get_filename() for p in m.walk() if p.get_filename()] == names
	    assert not [d for p in m.walk() for d in p.defects]
	assert m.as_bytes().count(b"=?utf-8?q?x") == 0
	END
	[ "$status" -eq 0 ] || { echo "$output"; false; }
	ok attach D1 --save back.pdf
	ok preview thank-you --trip T1 --sent
	line $'Attached:  =?utf-8?q?x?=.pdf (1 kB), и\u0306од 100%.pdf (1 kB)'
}

@test "attach: tips that are merged into the thank-you bring their document along" {
	ok add-client --name 'Мария Иванова' --phone '+7 903 123-45-67' --email maria@example.org --departure 2026-12-02 \
		--return 2026-12-12
	ok attach T1 voucher.pdf --step packing
	out 'D1 voucher.pdf goes with thank-you, 01.12.2026 14:00 (pps undo D1 takes it back)'
	ok tick
	ok attach T1
	line 'D1        voucher.pdf  22 B  sent with thank-you'
}

@test "attach: a document whose letter does not go is red, until it goes with another" {
	maria
	ok attach T1 voucher.pdf --step packing
	ok skip T1/packing
	ok report --overdue
	line 'anna     D1        voucher.pdf  22 B  C1 Мария Иванова  not sent: packing is cancelled, skipped by anna (pps attach D1 --step …)'
	answers 1 report --overdue --exit-code
	ok report --overdue --json
	json pps.report/1 'documents#' 1 'documents[id=D1].state' stays
	ok report --overdue --manager boris
	no_line 'D1'
	ok attach D1 --step challenge
	ok report --overdue
	no_line 'D1'
}

@test "attach: two with one address each get the letter that brings their own document" {
	maria
	answers 0 add-client --name 'Иван Иванов' --phone '8 903 123-45-68' --email maria@example.com --departure '10.12.2026 06:40' \
		--return 20.12.2026 --destination Анталья
	ok attach T1 voucher.pdf --step thank-you
	ok attach T2 voucher.pdf --step thank-you
	ok tick
	out '2 sent'
	ok attach T2
	line 'D2        voucher.pdf  22 B  sent with thank-you'
}

@test "attach: after an older database was put back nobody is told that a document has not gone" {
	maria
	ok attach T1 voucher.pdf
	ok backup old.db
	ok tick
	answers 0 recover --from old.db
	ok attach T1
	grep -q 'went with thank-you; whether that arrived is not known$' .out
	fails 77 'D1 has gone with thank-you, and whether it arrived is not known: nothing was changed' attach D1 --step packing
}

@test "attach: what may have gone is not called unsent, whatever is decided about its letter" {
	maria
	ok attach T1 voucher.pdf --step thank-you
	killed # between the point of no return and the answer
	at '2026-12-01 14:00:20'
	fails 77 'thank-you is being sent already, no document can go with it: choose one of packing, challenge, welcome-home, loyalty, referral-story, tell-friends, second-survey, next-trip, anniversary' \
		attach T1 voucher.pdf --name other.pdf --step thank-you
	answers 1 tick --quiet
	ok attach T1
	line 'D1        voucher.pdf  22 B  went with thank-you; whether that arrived is not known'
	ok doubt resolve A1 --drop
	ok attach T1
	line 'D1        voucher.pdf  22 B  went with thank-you; whether that arrived is not known'
	ok report --overdue
	no_line 'D1'
	fails 77 'D1 has gone with thank-you, and whether it arrived is not known: nothing was changed' attach D1 --step packing
	ok undo A1
	ok doubt resolve A1 --resend
	ok attach T1
	line 'D1        voucher.pdf  22 B  goes with thank-you'
	ok tick
	ok attach T1
	line 'D1        voucher.pdf  22 B  sent with thank-you'
}

@test "attach: a comma in what was typed about a client names no other file" {
	mkdir -p templates/letters/ru templates/attachments
	cp voucher.pdf templates/attachments/intern.pdf
	printf 'Subject: Тест\nAttachments: {{client.name}}\n\nЗдравствуйте!\n' >templates/letters/ru/thank-you.md
	ok add-client --name 'Мария, intern.pdf' --phone '+7 903 123-45-67' --email maria@example.org --departure 2026-12-20 \
		--return 2026-12-30
	ok tick
	out '1 held'
	ok why A1
	grep -qF 'thank-you.md:2:14: there is no file ./templates/attachments/Мария‚ intern.pdf: put it there' .out
}

# Such as one that was attached before the program knew what is refused.
@test "attach: what mail servers refuse by now is named by doctor, and holds its letter instead of failing there" {
	maria
	ok attach T1 voucher.pdf
	sql "UPDATE document SET name = 'voucher.exe'"
	local why='voucher.exe ends in .exe, and mail servers refuse such files: give it the ending of what it is, or make a PDF of it'
	answers 78 doctor
	grep -qE "^FAULT +documents +D1 of T1: $why; pps attach D1 --drop, and attach another$" .out
	ok tick
	out '1 held'
	ok why A1
	grep -qF "$why (pps attach)" .out
	# Another file takes its place, and the letter goes by itself.
	ok attach D1 --drop
	ok attach T1 voucher.pdf --name 'Ваучер.pdf'
	pps doctor
	no_line ' documents '
	ok tick
	out '1 sent'
}
