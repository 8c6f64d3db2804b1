#!/usr/bin/env bats
# What `make demo` shows: three weeks of an agency, and what is told of them.

load helpers

# One run, since it plays three weeks; the tests look at what it printed. It makes its own agency.
setup_file() (
	_hide_environment
	ENV=("TMPDIR=$BATS_FILE_TMPDIR/tmp") status=0
	mkdir "$BATS_FILE_TMPDIR/tmp"
	bare sh "$BATS_TEST_DIRNAME/../demo.sh" "$PPS" >"$BATS_FILE_TMPDIR/out" 2>"$BATS_FILE_TMPDIR/err" </dev/null ||
		status=$?
	echo $status >"$BATS_FILE_TMPDIR/status"
)

setup() {
	_trace_tests_only
	cd "$BATS_TEST_TMPDIR" || return 1
	cp "$BATS_FILE_TMPDIR/out" .out
	cp "$BATS_FILE_TMPDIR/err" .err
}

# part TITLE: from here on only what stands under this title is looked at, without what stands before each line.
part() {
	awk -v title="$1" '/^[0-9]+[.] / { on = substr($0, index($0, " ") + 1) == title; if (on) found++ } on
		END { exit found != 1 }' "$BATS_FILE_TMPDIR/out" | sed 's/^ *//' >.out
	[ -s .out ] || _complain "no such part: $1"
}

# like PATTERN: a line fits.
like() {
	grep -qE -- "$1" .out || _complain "no line fits: $1"
}

@test "it ends well, says nothing on standard error, is not long, and leaves nothing behind" {
	[ "$(cat "$BATS_FILE_TMPDIR/status")" -eq 0 ] || _complain 'the demo failed'
	err ''
	[ "$(wc -l <.out)" -le 210 ]
	[ -z "$(ls -A "$BATS_FILE_TMPDIR/tmp")" ]
	no_line ' $'
}

@test "the three weeks: who did what, and what went otherwise than planned" {
	part 'Three weeks: managers sell and call; ticks run at 10:05, 16:05 and 19:40'
	line 'Mon 30.11  10:20 anna   T1 Анталья, 18.01.2027 06:40 - 28.01.2027: an early booking'
	line '16:25 anna   lost: Павел Тихонов bought elsewhere (part 7)'
	line 'Sun 06.12  no electricity today: no tick runs'
	line 'Mon 07.12  10:05 tick   MISSED welcome-back T6'
	line '16:05 tick   not called, so by SMS: T7'
	line 'Wed 09.12  12:30 boris  complaint: Анна-Мария Корф complains (part 8)'
	line 'Sat 12.12  11:20 anna   cancel-trip T12 --reason заболел ребёнок: silence at once'
	like '^13 sales, 60 ticks: [0-9]{2} letters and [0-9]{2} SMS went out, and nobody wrote one of them[.]$'
}

@test "Monday morning: the checklist, what is red, why, and what the clients got" {
	part 'Monday morning: the director looks at the checklist'
	line 'trips: 12, red 2, yellow 3'
	like '^T5 .*merged +- +01.12 SMS .* 14.12 ✓ .* 15.12 ✓$'
	like '^T10 .* 19.12 ✓ +- +- +- +-$'
	part 'The director asks what is red'
	like '^anna .*15 d .*Welcome back .*missed: its time passed unsent'
	like '^boris .*3 d .*not ticked$'
	part 'Why did Дмитрий Лебедев never get the photo challenge?'
	like '^A[0-9]+ Photo challenge, T6: not to be done \(dropped: bought on the day of the departure\)$'
	part 'What went by itself'
	line 'From: Ольга Смирнова (Тёплые страны) <info@warm.example>'
	line 'Завтра вылет: 9 декабря. Тёплые страны, +7 495 555-01-02'
}

@test "a lost sale: two letters, neither from the manager who lost it nor answered to her; the client comes back" {
	part 'Павел Тихонов buys elsewhere, and comes back'
	line 'pps: call-by: anna failed to sell, so somebody else has to talk to them'
	line 'lost by anna'
	like '^A[0-9]+ +2026-12-10 11:00 +call +Personal call after a lost sale +pending$'
	[ "$(grep -E '^(From|Reply-To|To|Subject):' .out)" = 'From: Вера Орлова (Тёплые страны) <info@warm.example>
Reply-To: vera@warm.example
To: Павел Тихонов <pavel@example.com>
Subject: Хорошей вам поездки
From: Вера Орлова (Тёплые страны) <info@warm.example>
Reply-To: vera@warm.example
To: Павел Тихонов <pavel@example.com>
Subject: Чем мы вас обидели?' ]
	line 'Здравствуйте, Павел!'
	like '^L4 .* anna +came back with T13$'
}

@test "a complaint: selling waits, it is red past its day, then settled, and a call asks a week later" {
	part 'Анна-Мария Корф complains'
	like '^waits: A[0-9]+ Call: invite to the office; A[0-9]+ Loyalty programme; '
	like 'complaint is solved\)$'
	like '^P14 .* anna +11.12.2026 +overdue, 3 d$'
	like '^to do: A[0-9]+ Call: is it really solved\?, call 2026-12-21 11:00$'
	like '^goes: A[0-9]+ What we have done, e-mail 2026-12-14 12:00$'
}

@test "answers: who would recommend us is asked to, who is not happy is called and sold nothing" {
	part 'Two clients say how it was'
	like '^F[0-9]+ feedback: CSAT 5, NPS 10, .*Ольга Ёлкина$'
	line 'they would recommend us'
	like '^4[.] .*кому из ваших знакомых'
	like '^F[0-9]+ feedback: CSAT 3, NPS 4, .*Фёдор Жуков$'
	line 'they are not happy'
	like '^to do: A[0-9]+ Call: they were not happy, call 2026-12-21 10:00$'
	like '^stays away: A[0-9]+ Loyalty programme; '
}

@test "a hand-over: everything of hers is with another, and nothing is nobody's" {
	part "Anna leaves, and nothing is nobody's"
	line 'anna Анна Петрова has left; boris Борис Ёжиков takes over: 5 trips, 1 feedback, 1 complaint'
	line 'nobody is to be called today'
	like '^boris .*Call: invite to the office .*Дмитрий Лебедев'
	like '^boris .*Call: they were not happy .*Фёдор Жуков'
	like '^boris .*Call: is it really solved\? .*Анна-Мария Корф'
	no_line '^(anna  |\(nobody\))'
}
