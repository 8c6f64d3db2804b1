#!/usr/bin/env bats
# The look through the templates: pps lint, what doctor says of it, and what becomes of a message whose template is wrong.

load helpers

# What follows a name of which nothing can be guessed.
THERE='there are client.…, trip.…, visit.…, moved.…, complaint.…, feedback.…, lost.…, greeting.…, agency.…, manager.…, our.…, signer.…, merged.…, attached, fact.…, mark.…, gift.…, card.…, album.…, photo.…, trip_number'

# step KEY CHANNEL [MORE]: a step of a playbook, on its own line.
step() {
	printf '{"key": "%s", "title": "x", "column": "", "channel": "%s", "at": {"anchor": "%s"}, "grace": {"days": 3}, %s"if_late": "skip", "class": "service"}' \
		"$1" "$2" "${4:-purchase}" "${3-}"
}

# page FILE <<'E' … E: a template.
page() {
	mkdir -p "templates/$(dirname "$1")"
	cat >"templates/$1"
}

# playbook STEP…: of these steps alone.
playbook() {
	mkdir -p templates
	{
		printf '{"name": "x", "steps": [\n'
		while [ $# -gt 0 ]; do
			printf '%s%s\n' "$1" "${2:+,}"
			shift
		done
		printf ']}\n'
	} >templates/playbook.json
}

# finds LINE…: lint says this, and nothing else but its sum.
finds() {
	pps lint
	diff -u --label expected <([ $# -eq 0 ] || printf '%s\n' "$@") --label found <(grep -v '^[0-9]* templates\?: ' .out)
}

@test "lint: the shipped templates are clean, in every language there is" {
	local langs
	langs=$(cd "$BATS_TEST_DIRNAME/../../templates/letters" && printf '%s,' *)
	echo '{"agency": {"name": "Тёплые страны", "translations": {"en": {"Тёплые страны": "Warm Countries", "директор": "director"}}}}' >pps.json
	ok lint --strict --lang "${langs%,}"
	grep -qE '^[0-9]+ templates: nothing to mend$' .out
	ok init --db fresh/pps.db --agency 'Тёплые страны'      # and as files of one's own
	ok lint fresh/templates --strict
}

@test "lint: what clients who read other letters do not see of the agency is said once, and only when there are such" {
	echo '{"agency": {"name": "Тёплые страны", "sms_name": "Тёплые"}}' >pps.json
	finds
	ok add-client --name 'John Smith' --email john@example.org --lang en --departure +20d --return +27d
	local where='./pps.json:1:1: warning: in "en" ' say=': say in agency.translations how it reads there'
	finds "${where}positions are left out: \"директор\"; the agency is called \"Teplye strany\", in SMS \"Teplye\"$say"
	pps doctor
	line 'note   templates     1 warning: pps lint'
	echo '{"agency": {"name": "Тёплые страны", "sms_name": "Тёплые", "translations": {"en": {"Тёплые страны": "Warm Countries",
		"директор": "director"}}}}' >pps.json
	finds "${where}the agency is called in SMS \"Teplye\"$say"
	echo '{"agency": {"name": "Warm Countries", "translations": {"en": {"директор": "director"}}}}' >pps.json
	finds
}

@test "lint: every shipped SMS fits into one part with names of fifteen letters, in all its branches" {
	local name sms lang
	ok staff edit olga --position ''
	for sms in "$BATS_TEST_DIRNAME"/../../templates/sms/*; do
		lang=$(basename "$sms")
		name='Warm Countries1'
		[ "$lang" = en ] || name='Тёплые страны 1'
		[ "${#name}" -eq 15 ]
		echo "{\"agency\": {\"name\": \"$name\", \"lang\": \"$lang\", \"phone\": \"+74951234567\", \"hashtag\": \"#тёплыестраны15\",
			\"survey_url\": \"https://otziv.ru/a1b2c3\"}}" >pps.json
		ok lint --strict
		sed -i "s/$name/$name and so on, and so on, and so on, and so on, and so on, and so on, and so on, and so on/" pps.json
		answers 65 lint --strict        # it is measured, and said once
		grep -qE "pps.json:1:1: warning: agency.name has 10[23] letters and makes [0-9]+ SMS dearer: set agency.sms_name, a short one for SMS, up to 15 letters$" .out
		! grep -q 'warning: takes' .out
		sed -i "s/\"lang\"/\"sms_name\": \"${name% *}\", \"lang\"/" pps.json
		ok lint --strict                # under its short name each of them is one part again
	done
	# Those that say that they take more, and why: they are few.
	run grep -lx 'Parts: [2-9]' -r "$BATS_TEST_DIRNAME/../../templates/sms"
	for sms in "${lines[@]}"; do
		grep -q '^{{! .* }}$' "$sms"
		[[ $sms = */correction.txt || $sms = */thank-you.txt ]]
	done
}

@test "lint: a letter that somebody has signed by hand" {
	playbook "$(step one email)" "$(step two email)" "$(step three email)" "$(step four email)" "$(step five email)"
	page letters/ru/one.md <<-'E'
		Subject: x
		Sign-off: С уважением,

		{{client.dear}}! Ждём вас.

		С уважением,
		Ваш менеджер Оля
	E
	page letters/ru/two.md <<-'E'
		Subject: x

		Ждём вас.

		{{#trip.destination}}
		*Анна Петрова*, менеджер
		{{/trip.destination}}
	E
	page letters/ru/three.md <<-'E'
		Subject: x

		Ждём вас.

		**{{signer.name}}**
	E
	page letters/ru/four.md <<-'E'
		Subject: x

		С уважением к вашему выбору мы всё проверили. Анна Петрова

		Анна Петрова, ваш менеджер, ждёт вашего звонка.
	E
	page letters/ru/five.md <<-'E'
		Subject: x

		Ждём вас.

		Анна Петрова ждёт вашего звонка
	E
	local twice='warning: the letter would be signed twice: below it stand the name and the position of whoever signs, by themselves; take this out, and write other words before the name at the top: Sign-off: С уважением,'
	finds "./templates/letters/ru/one.md:6:1: $twice" "./templates/letters/ru/three.md:5:3: $twice" "./templates/letters/ru/two.md:6:2: $twice"
}

@test "lint: a folder with every fault there is" {
	playbook "$(step hello email '"otherwise": ["sms", "call"], ')" "$(step faults email)" "$(step html email)" \
		"$(step bytes email)" "$(step empty email)" "$(step secret sms)" "$(step lost-letter email '"series": "lost", "signed_by": "service", ' learned)" \
		"$(step no-words email)"
	page letters/ru/hello.md <<-'E'
		Subject: {{client.salutation}}, здравствуйте! Это письмо о том, как мы рады, что вы поедете с нами так далеко
		Preheader: Хорошей дороги

		Здравствуйте, {{client.name}}!

		Вас ждёт {{trip.destination}}{{#trip.destination}}, да: {{trip.destination}}{{/trip.destination}}.
		{{> warm}}
		[Анкета]({{agency.survey_url}}), [мы](more.warm.ru), [сайт](https://example.com/x).
	E
	page letters/ru/partials/warm.md <<-'E'
		Пишите: {{manager.email}}
	E
	page letters/ru/partials/cold.md <<<'Никем не включён'
	page letters/ru/faults.md <<-'E'
		Subject:
		Attachments: memo.pdf

		{{clent.name}}, {{#visit.time}}{{visit.tiem}}{{/visit.time}} {{> nothing}}
		{{#mark.loyal}}
		![Мы](us.png) [туда](htp:x) [никуда]()
		{{/mark.loyal}}
	E
	page letters/ru/html.md <<-'E'
		Subject: Да

		Это <b>важно</b>.
	E
	printf 'Subject: x\n\nab \xff\n' >templates/letters/ru/bytes.md
	page letters/ru/empty.md <<<$'Subject: {{#trip.destination}}x{{/trip.destination}}\n\nx'
	page sms/ru/secret.txt <<-'E'
		{{#fact.код}}{{fact.код}}
	E
	page scripts/ru/hello.md <<<'Спросите {{visit.date}}'
	page letters/ru/lost-letter.md <<-'E'
		Subject: x

		{{manager.name}}, {{#lost.by}}{{lost.by}}{{/lost.by}} {{signer.name}}
	E
	page sms/ru/hello.txt <<-'E'
		{{client.salutation}}, завтра вылет. Паспорт, билеты, зарядка с собой? Счастливого пути!
	E
	page letters/ru/helo.md <<<x
	page letters/ru/gone.md <<<x
	page letters/ru/hello.markdown <<<x
	page sms/ru/faults.txt <<<x
	page sms/ru/Hello.txt <<<x
	page sms/RU/hello.txt <<<x
	for key in hello faults html bytes empty; do
		page letters/en/$key.md <<<$'Subject: Hello\n\nHello, {{client.name}}'
	done
	page scripts/en/hello.md <<<'Ask them'
	page sms/en/hello.txt <<-'E'
		Maria, the flight is tomorrow at 06:40 — do not forget «your» passport and the tickets. Yours, Warm Countries
	E
	page sms/en/secret.txt <<-'E'
		Pay 5 € each for {{#trip.departure_time}}[{{trip.departure_time}}]{{/trip.departure_time}} {{! each of these counts twice }}~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
	E
	mkdir templates/leters
	finds './templates/leters:1:1: warning: is never used: did you mean "letters"?' \
		'./templates/letters/en/lost-letter.md:1:1: warning: is not there: who reads "en" gets this in another language' \
		'./templates/letters/ru/bytes.md:3:4: error: the text is not UTF-8 here: save it as UTF-8' \
		'./templates/letters/ru/empty.md:1:1: warning: with a client of whom little is known the Subject is empty' \
		'./templates/letters/ru/faults.md:1:9: error: the Subject is empty: write what the letter is about' \
		'./templates/letters/ru/faults.md:2:14: error: there is no file ./templates/attachments/memo.pdf: put it there, or take it out of Attachments' \
		'./templates/letters/ru/faults.md:4:1: error: unknown variable "clent.name": did you mean "client.name"?' \
		'./templates/letters/ru/faults.md:4:32: error: unknown variable "visit.tiem": did you mean "visit.time"?' \
		'./templates/letters/ru/faults.md:4:62: error: cannot include "nothing": there is no template letters/ru/partials/nothing.md in ./templates' \
		'./templates/letters/ru/faults.md:6:7: error: the picture "us.png" must be a file of the folder pictures, named in a-z, 0-9, - and _: ![words](pictures/beach.jpg)' \
		'./templates/letters/ru/faults.md:6:22: error: the link "htp:x" leads nowhere: it must begin with https://, mailto: or tel:' \
		'./templates/letters/ru/faults.md:6:38: error: the link leads nowhere: put its address between ( and )' \
		'./templates/letters/ru/gone.md:1:1: warning: is never used: the playbook has no step "gone"; take the file away, or add the step' \
		'./templates/letters/ru/hello.markdown:1:1: warning: is never used: such a name is of small letters, digits and dashes, and ends in .md' \
		'./templates/letters/ru/hello.md:1:10: warning: the Subject has 94 characters with a name of 15 letters: mail programs show up to 78' \
		'./templates/letters/ru/hello.md:6:10: warning: "trip.destination" may be empty, and then the message is held: put this into {{#trip.destination}}...{{/trip.destination}}' \
		'./templates/letters/ru/hello.md:8:10: error: "agency.survey_url" is not set in pps.json, so that no such message can go: set it, or put this into {{#agency.survey_url}}...{{/agency.survey_url}}' \
		'./templates/letters/ru/hello.md:8:39: warning: the link "more.warm.ru" has no scheme: begin it with https://, mailto: or tel:' \
		'./templates/letters/ru/hello.md:8:61: warning: the link "https://example.com/x" is only an example that leads nowhere: put your own address' \
		'./templates/letters/ru/helo.md:1:1: warning: is never used: the playbook has no step "helo"; did you mean "hello"?' \
		'./templates/letters/ru/html.md:3:5: error: HTML is not allowed: "<b>"; letters are Markdown, comments are {{! ... }}' \
		'./templates/letters/ru/html.md:3:13: error: HTML is not allowed: "</b>"; letters are Markdown, comments are {{! ... }}' \
		'./templates/letters/ru/lost-letter.md:3:1: warning: after a lost sale "manager" may be who failed to sell, and then the agency stands here: write {{signer.…}}' \
		'./templates/letters/ru/lost-letter.md:3:31: error: a letter after a lost sale does not name who failed to sell: take it out' \
		'./templates/letters/ru/partials/cold.md:1:1: warning: is never used: no template includes it with {{> cold}}; take the file away' \
		'./templates/letters/ru/partials/warm.md:1:9: warning: "manager.email" may be empty, and then the message is held: put this into {{#manager.email}}...{{/manager.email}}' \
		'./templates/playbook.json:9:9: error: "no-words" by e-mail has no words: write ./templates/letters/ru/no-words.md, or take it out of the playbook' \
		'./templates/scripts/ru/hello.md:1:10: warning: "visit.date" may be empty, and then the message is held: put this into {{#visit.date}}...{{/visit.date}}' \
		'./templates/sms/RU:1:1: warning: is never used: here lie folders of languages, such as ru or en' \
		'./templates/sms/en/hello.txt:1:40: warning: takes 2 parts with names of 15 letters (109 characters); "—", "«", "»" leave 70 characters a part instead of 160: with plain ones in their place it takes 1' \
		'./templates/sms/en/secret.txt:1:7: warning: takes 2 parts with names of 15 letters (168 characters); "€", "[", "]", "~" count twice: without them it takes 1' \
		'./templates/sms/ru/Hello.txt:1:1: warning: is never used: such a name is of small letters, digits and dashes, and ends in .txt' \
		'./templates/sms/ru/faults.txt:1:1: warning: is never used: by the playbook "faults" goes another way; take the file away, or change the playbook' \
		'./templates/sms/ru/hello.txt:1:1: warning: takes 2 parts with names of 15 letters (82 characters); shorten it, or begin it with the line "Transliterate: yes" (it then takes 1) or "Parts: 2" (it is meant so)' \
		'./templates/sms/ru/secret.txt:1:1: error: section "fact.код" is never closed'
	[ "$status" -eq 65 ]
	err 'pps: 15 errors, 20 warnings in 17 templates: see above'
}

@test "lint: a name that was guessed wrong is told what there is of its group" {
	playbook "$(step hello sms)"
	page sms/ru/hello.txt <<<'{{manager.salary}} {{#visit.rainy}}x{{/visit.rainy}} {{zzz.y}}'
	pps lint
	grep -oE 'unknown .*' .out >found
	diff -u - found <<-E
		unknown variable "manager.salary": manager has name, position, phone, email
		unknown section "visit.rainy": visit has date, time
		unknown variable "zzz.y": $THERE
	E
}

@test "lint: the sum, --strict, --quiet and --json" {
	playbook "$(step hello sms)"
	page sms/ru/hello.txt <<<'Добрый день'
	ok lint
	out '1 template: nothing to mend'
	page sms/ru/other.txt <<<x
	ok lint
	out <<-'E'
		./templates/sms/ru/other.txt:1:1: warning: is never used: the playbook has no step "other"; take the file away, or add the step
		1 template: 1 warning
	E
	ok lint --quiet
	out ''
	answers 65 lint --strict
	err 'pps: 1 warning in 1 template: see above'
	page sms/ru/hello.txt <<<'{{x}} {{y}}'
	answers 65 lint --quiet
	out <<-E
		./templates/sms/ru/hello.txt:1:1: error: unknown variable "x": $THERE
		./templates/sms/ru/hello.txt:1:7: error: unknown variable "y": $THERE
	E
	err 'pps: 2 errors, 1 warning in 1 template: see above'
	answers 65 lint --json
	json pps.lint/1 templates 1 errors 2 warnings 1 findings# 3 'findings[0].file' ./templates/sms/ru/hello.txt \
		'findings[1].line' 1 'findings[1].column' 7 'findings[1].kind' error 'findings[1].text' 'unknown variable "y": '"$THERE" \
		'findings[2].kind' warning
	ok lint --json --lang ru "$(mktemp -d "$BATS_TEST_TMPDIR/empty.XXXX")"
	json pps.lint/1 errors 0 warnings 0 findings# 0
}

@test "lint: a folder of its own, or one that is not there" {
	fails 66 'there is no folder nowhere: name the one with the templates' lint nowhere
	fails 64 '--lang: two letters each, such as ru,en,bg' lint --lang russian
	fails 64 '"b" is one word too many: pps lint [DIR] [--lang LANGS] [--strict]' lint a b
	mkdir -p new/sms/ru
	echo '{{client.salutaton}}, вылет завтра' >new/sms/ru/bon-voyage.txt
	answers 65 lint new
	line 'new/sms/ru/bon-voyage.txt:1:1: error: unknown variable "client.salutaton": did you mean "client.salutation"?'
	ok lint                             # the one in use is as it was
	echo '{"templates": "words"}' >pps.json
	fails 78 'there is no folder ./words, which "templates" in ./pps.json names: put it back, or mend that name' lint
	ok lint new --lang ru --db none.db || [ "$status" -eq 65 ]
}

@test "lint: a playbook that does not work, or that lets the wrong person sign" {
	mkdir templates
	echo '{"name": "x", "steps": [{}]}' >templates/playbook.json
	answers 65 lint
	out './templates/playbook.json:1:25: error: the step needs a "key" of small letters, digits and dashes'
	err 'pps: 1 error in the playbook: see above'
	playbook "$(step lost-letter email '"series": "lost", "signed_by": "manager", ' learned)"
	answers 65 lint
	out './templates/playbook.json:2:154: error: after a lost sale "signed_by" is "service" or "director"'
}

@test "lint: the languages of the clients are looked at, and those for which there is a folder" {
	playbook "$(step hello sms)" "$(step bye sms)"
	page sms/ru/hello.txt <<<'Добрый день'
	page sms/ru/bye.txt <<<'До свидания'
	page sms/en/hello.txt <<<'Hello'
	finds './templates/sms/en/bye.txt:1:1: warning: is not there: who reads "en" gets this in another language'
	maria --lang bg
	finds './templates:1:1: warning: in "bg" 2 of 2 templates are missing: who reads it gets them in another language; write them in letters/bg, sms/bg and scripts/bg' \
		'./templates/sms/en/bye.txt:1:1: warning: is not there: who reads "en" gets this in another language'
	page sms/bg/bye.txt <<<'{{довиждане}}'
	finds './templates/sms/bg/bye.txt:1:1: error: unknown variable "довиждане": '"$THERE" \
		'./templates/sms/bg/hello.txt:1:1: warning: is not there: who reads "bg" gets this in another language' \
		'./templates/sms/en/bye.txt:1:1: warning: is not there: who reads "en" gets this in another language'
}

@test "lint: what pps.json sets is there for everybody, and where its links lead is looked at" {
	playbook "$(step hello email)"
	page letters/ru/hello.md <<<$'Subject: x\n\n[Анкета]({{agency.survey_url}}) {{#agency.site}}{{agency.site}}{{/agency.site}}'
	finds './templates/letters/ru/hello.md:3:10: error: "agency.survey_url" is not set in pps.json, so that no such message can go: set it, or put this into {{#agency.survey_url}}...{{/agency.survey_url}}'
	echo '{"agency": {"name": "А", "survey_url": "https://forms.warm.ru/1"}}' >pps.json
	finds
	echo '{"agency": {"name": "А", "survey_url": "https://www.example.com/1", "site": "www.warm.ru"}}' >pps.json
	finds './templates/letters/ru/hello.md:3:10: warning: "agency.survey_url" in pps.json, "https://www.example.com/1", is only an example that leads nowhere: put your own address' \
		'./templates/letters/ru/hello.md:3:49: warning: "agency.site" in pps.json, "www.warm.ru", has no scheme: begin it with https://, mailto: or tel:'
}

@test "lint: pictures and attachments that are there" {
	playbook "$(step hello email)"
	page letters/ru/hello.md <<<$'Subject: x\nAttachments: memo.pdf\n\n![Мы](pictures/us.png)'
	answers 65 lint
	line './templates/letters/ru/hello.md:2:14: error: there is no file ./templates/attachments/memo.pdf: put it there, or take it out of Attachments'
	line './templates/letters/ru/hello.md:4:7: error: there is no picture ./templates/pictures/us.png: put it there'
	page attachments/memo.pdf <<<'<html>'
	png us.png
	finds './templates/letters/ru/hello.md:2:14: error: ./templates/attachments/memo.pdf is a web page, not what .pdf says, and would not open: save the file itself'
	page attachments/memo.pdf <<<'%PDF-1.4'
	finds
	page attachments/visa.js <<<x
	page letters/ru/hello.md <<<$'Subject: x\nAttachments: memo.pdf, visa.js, "a.pdf", a?.pdf\n\n![Мы](pictures/us.png)'
	finds './templates/letters/ru/hello.md:2:14: error: ""a.pdf"" is no name of an attachment, " is in it: write the name of a file in the folder attachments' \
		'./templates/letters/ru/hello.md:2:14: error: "a?.pdf" is no name of an attachment, ? is in it: write the name of a file in the folder attachments' \
		'./templates/letters/ru/hello.md:2:14: error: ./templates/attachments/visa.js ends in .js, and mail servers refuse such files: give it the ending of what it is, or make a PDF of it'
}

@test "lint: what an SMS costs stands beside its parts" {
	playbook "$(step hello sms)"
	page sms/ru/hello.txt <<<'Это очень длинная SMS, в которой так много слов, что она не помещается в одну часть.'
	echo '{"sms": {"price": "3,70"}}' >pps.json
	ok lint
	grep -qF 'takes 2 parts with names of 15 letters (84 characters, 7.40 RUB); ' .out
	page sms/ru/hello.txt <<<$'Parts: 2\n{{! Так задумано. }}\n\nЭто очень длинная SMS, в которой так много слов, что она не помещается в одну часть.'
	ok lint
	out '1 template: nothing to mend'
}

@test "lint: the header lines of an SMS" {
	playbook "$(step hello sms)"
	page sms/ru/hello.txt <<<$'Transliterat: yes\n\nх'
	finds './templates/sms/ru/hello.txt:1:1: error: unknown header "Transliterat": did you mean "Transliterate"?'
	page sms/ru/hello.txt <<<$'Transliterate: maybe\n\nх'
	finds './templates/sms/ru/hello.txt:1:16: error: write "Transliterate: yes", or leave the line out'
	page sms/ru/hello.txt <<<$'Parts: 2\nParts: 11\n\nх'
	finds './templates/sms/ru/hello.txt:2:8: error: "Parts" is how many it may take: from 1 to 10'
	page sms/ru/hello.txt <<<$'Transliterate: yes\nх'
	finds './templates/sms/ru/hello.txt:2:1: error: the lines before an empty one are "Transliterate:" and "Parts:"; words of the text begin after it'
	page sms/ru/hello.txt <<<$'Transliterate: yes\n\n{{x}}'
	finds './templates/sms/ru/hello.txt:3:1: error: unknown variable "x": '"$THERE"
	page sms/ru/hello.txt <<<$'Внимание: вылет завтра\nPassport: here'
	finds
}

@test "lint: a template that cannot be read, and one that is too large" {
	mortal
	playbook "$(step hello sms)" "$(step bye sms)"
	page sms/ru/hello.txt <<<x
	chmod 0 templates/sms/ru/hello.txt
	head -c 70000 /dev/zero | tr '\0' x >templates/sms/ru/bye.txt
	answers 65 lint
	grep -q '^./templates/sms/ru/hello.txt:1:1: error: ' .out
	grep -q '^./templates/sms/ru/bye.txt:1:1: error: .*65536' .out
}

@test "lint: a letter after a lost sale may not give the number of who failed to sell" {
	page letters/ru/lost-offended.md <<<$'Subject: x\n\n{{#our.phone}}{{our.phone}}{{/our.phone}} {{signer.name}}'
	ok lint
	grep -qF 'lost-offended.md:3:15: warning: after a lost sale "our.phone" may be that of who failed to sell, and then the agency'"'"'s stands here: write {{signer.phone}} or {{agency.phone}}' .out
}

@test "doctor: counts what lint finds, and shows the first of it" {
	playbook "$(step hello sms)"
	page sms/ru/hello.txt <<<'{{a}}{{b}}{{c}}{{d}}{{e}}'
	page sms/ru/x.txt <<<x
	answers 78 doctor
	line 'FAULT  templates     ./templates/sms/ru/hello.txt:1:1: unknown variable "a": '"$THERE"
	line 'FAULT  templates     ./templates/sms/ru/hello.txt:1:11: unknown variable "c": '"$THERE"
	line 'note   templates     2 errors more: pps lint'
	line 'note   templates     1 warning: pps lint'
	err 'pps: 3 faults: see above'
	page sms/ru/hello.txt <<<'Да'
	rm templates/sms/ru/x.txt
	pps doctor
	line 'ok     templates     every step has its words'
}

# ---- nothing is sent with an unresolved variable ----

@test "an unknown variable, and an empty one: the message is held and red, by e-mail and by SMS" {
	playbook "$(step letter email)" "$(step short sms)" "$(step hollow sms)"
	page letters/ru/letter.md <<<$'Subject: x\n\n{{client.nmae}}'
	page sms/ru/short.txt <<<'{{client.nmae}}'
	page sms/ru/hollow.txt <<<'{{trip.departure_time}}'
	ok add-client --name 'Мария' --phone 89031234567 --email maria@example.com --departure 10.12.2026 --return 20.12.2026
	ok tick
	out '3 held'
	[ "$(sent '*')" -eq 0 ]
	for id in 1 2 3; do
		state $id held
	done
	ok report --overdue
	for step in letter short hollow; do
		grep -q "$step" .out
	done
	ok report --overdue --json
	json pps.report/1 'rows#' 3 'rows[0].state' held 'rows[0].cause' template
	grep -qF 'unknown variable \"client.nmae\": did you mean \"client.name\"?' .out
	grep -qF '\"trip.departure_time\" is empty here' .out
	page letters/ru/letter.md <<<$'Subject: x\n\n{{client.name}}'
	page sms/ru/short.txt <<<'{{client.name}}'
	ok tick                             # mended, they go by themselves
	[ "$(sent '2*')" -eq 2 ]
}

@test "a script with an unknown variable is not read out: the call says what to mend" {
	playbook "$(step talk call)"
	page scripts/ru/talk.md <<<'Здравствуйте, {{client.nmae}}!'
	ok add-client --name 'Мария' --phone 89031234567 --departure 10.12.2026 --return 20.12.2026
	fails 65 './templates/scripts/ru/talk.md:1:15: unknown variable "client.nmae": did you mean "client.name"?' script T1/talk
	answers 65 lint
	line './templates/scripts/ru/talk.md:1:15: error: unknown variable "client.nmae": did you mean "client.name"?'
	state 1 pending
}

@test "lint: names that are not written as names, and headers of an SMS that are none" {
	playbook "$(step hello email '"otherwise": ["sms"], ')"
	maria
	page letters/ru/hello.md <<-'E'
		Subject: Привет, {client.name}

		[[client.dear]], ${trip.departure}, {{client.dear}}}, %client.name% и { fact.dog }, скидка 5%, {нет}
	E
	page sms/ru/hello.txt <<<$'Translit: yes\n\nПривет'
	answers 65 lint --lang ru
	grep -v 'warning:' .out >.errors
	cat >.expected <<-'E'
		./templates/letters/ru/hello.md:1:18: error: "{client.name}" would be seen by the reader: write {{client.name}}
		./templates/letters/ru/hello.md:3:1: error: "[[client.dear]]" would be seen by the reader: write {{client.dear}}
		./templates/letters/ru/hello.md:3:18: error: "${trip.departure}" would be seen by the reader: write {{trip.departure}}
		./templates/letters/ru/hello.md:3:52: error: "}" would be seen by the reader: names are written {{name}}
		./templates/letters/ru/hello.md:3:55: error: "%client.name%" would be seen by the reader: write {{client.name}}
		./templates/letters/ru/hello.md:3:71: error: "{ fact.dog }" would be seen by the reader: write {{fact.dog}}
		./templates/letters/ru/hello.md:3:96: error: "{" would be seen by the reader: names are written {{name}}
		./templates/letters/ru/hello.md:3:100: error: "}" would be seen by the reader: names are written {{name}}
		./templates/sms/ru/hello.txt:1:1: error: the lines before an empty one are "Transliterate:" and "Parts:"; words of the text begin after it
	E
	diff .expected .errors
	ok tick
	out '1 held'
	ok report --overdue
	grep -q '"{client.name}" would be seen by the reader: write {{client.name}}' .out
	page sms/ru/hello.txt <<<$'Transliterate : yes\n\nПривет'
	answers 65 lint --lang ru
	grep -v 'sms/ru' .out >.errors
	cmp .errors .out
}

@test "lint: a blank that does not break, as word processors write it, is a blank within braces" {
	local b=$'\u00a0' n=$'\u202f'
	playbook "$(step hello email)"
	page letters/ru/hello.md <<<"Subject: {{${b}client.name${b}}}"$'\n\n'"{{#${b}trip.nights${n}}}{{${b}trip.nights${b}}}{{/${b}trip.nights}}, {{client.phone${b}|${b}без телефона}}"
	finds
	maria
	ok preview hello --trip T1
	grep -qx 'Subject: *Мария Иванова' .out
	page letters/ru/hello.md <<<$'Subject: x\n\n'"{${b}client.name${b}}"
	finds "./templates/letters/ru/hello.md:3:1: error: \"{${b}client.name${b}}\" would be seen by the reader: write {{client.name}}"
}

@test "lint: the bare name of a variable is no word of a letter; a host, a mailbox and other words are" {
	playbook "$(step hello email '"otherwise": ["sms"], ')"
	maria
	page letters/ru/hello.md <<-'E'
		Subject: trip.destination, ура

		[Сайт](agency.site), https://agency.site/x, anna@agency.email, agency.email@warm.ru, fact.com, www.client.name,
		trip.destinations, client, trip, myclient.name, клиентclient.name.
	E
	page sms/ru/hello.txt <<<'Ваш менеджер manager.name'
	finds './templates/letters/ru/hello.md:1:10: error: "trip.destination" would be seen by the reader: write {{trip.destination}}' \
		'./templates/letters/ru/hello.md:3:8: error: "agency.site" would be seen by the reader: write {{agency.site}}' \
		'./templates/letters/ru/hello.md:3:8: warning: the link "agency.site" has no scheme: begin it with https://, mailto: or tel:' \
		'./templates/sms/ru/hello.txt:1:14: error: "manager.name" would be seen by the reader: write {{manager.name}}'
	ok tick
	out '1 held'
}

@test "lint: what Word and Notepad make of a letter" {
	playbook "$(step hello email)"
	printf 'Subject: x\n\u00a0\nРейс\tВылет\tПрилёт\nSU 100\t06:40\t09:15\nSU 101\t10:40\t12:15\n\n    Как на бумаге\n\n- паспорт\tи виза\n- билеты\tи ваучер\n\n```\nКод\n```\n' \
		>page.md
	page letters/ru/hello.md <page.md
	finds './templates/letters/ru/hello.md:4:1: warning: this table would run together: letters have none, write a list' \
		'./templates/letters/ru/hello.md:7:5: warning: four spaces or a tab at the beginning of a line set it like a typewriter: take them away'
	for way in UTF-16 UTF-16LE UTF-16BE; do
		iconv -t "$way" page.md | page letters/ru/hello.md
		finds './templates/letters/ru/hello.md:1:1: error: the text is saved as UTF-16: save it as UTF-8'
	done
	sed 's/^ *//; s/\t/ /g' page.md | sed '1s/^/\xef\xbb\xbf/; s/$/\r/' | page letters/ru/hello.md
	finds
}

@test "lint: folders of languages that no client can have" {
	playbook "$(step hello email)"
	for lang in ru ua german RU uk; do
		page letters/$lang/hello.md <<<$'Subject: x\n\nПривет'
	done
	finds './templates/letters/RU:1:1: warning: is never used: here lie folders of languages, such as ru or en' \
		'./templates/letters/german:1:1: warning: is never used: here lie folders of languages, such as ru or en' \
		'./templates/letters/ua:1:1: warning: is never used: "ua" is a country; did you mean "uk"?'
}

@test "lint: a template, a logo, that lie beside their folder" {
	playbook "$(step hello email)"
	page letters/ru/hello.md <<<$'Subject: x\n\nПривет'
	page hello.md <<<$'Subject: x\n\nПривет'
	page README.md <<<'Как мы пишем письма'
	page logo.PNG <<<x
	page layout/logo.svg <<<x
	page layout/letter.htm <<<x
	finds './templates/hello.md:1:1: warning: is never used: put it into the folder of its language, such as letters/ru or sms/ru' \
		'./templates/layout/letter.htm:1:1: warning: is never used: the frame of letters is letter.html and letter.txt' \
		'./templates/layout/logo.svg:1:1: warning: is never seen: put it into the folder pictures' \
		'./templates/logo.PNG:1:1: warning: is never seen: put it into the folder pictures'
}

# png FILE: a picture of one pixel.
png() {
	mkdir -p templates/pictures
	base64 -d >"templates/pictures/$1" <<<'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
}

@test "lint: a logo or a face that holds letters is one error, and what nobody sees is named" {
	playbook "$(step hello email)" "$(step other email)"
	page letters/ru/hello.md <<<$'Subject: x\n\nДа'
	page letters/ru/other.md <<<$'Subject: x\n\nДа'
	png logo.png
	png olga.gif
	ok lint
	out '2 templates: nothing to mend'
	ok doctor
	line 'ok     pictures      the logo, 1 of those who sign'
	head -c 400000 /dev/zero >templates/pictures/logo.png
	echo broken >templates/pictures/anna.jpg
	finds './templates/pictures/anna.jpg:1:1: error: is no picture: save it anew as PNG, JPEG or GIF; until then every letter that anna signs is held' \
		'./templates/pictures/logo.png:1:1: error: is larger than 300 kB: make the picture smaller; until then every letter is held'
	answers 78 doctor
	line 'FAULT  templates     ./templates/pictures/logo.png:1:1: is larger than 300 kB: make the picture smaller; until then every letter is held'
	err 'pps: 2 faults: see above'
	maria
	ok tick                             # as lint says
	out '2 held'
	rm templates/pictures/{anna.jpg,logo.png}
	png Logo.PNG
	png ana.png
	png beach.jpg
	png olga.png
	cp templates/pictures/olga.png templates/pictures/.hidden.png
	cp templates/pictures/olga.png templates/pictures/olga.png~
	echo x >templates/pictures/olga.txt
	finds './templates/pictures/Logo.PNG:1:1: warning: is never seen: did you mean "logo.png"?' \
		'./templates/pictures/ana.png:1:1: warning: is never seen: did you mean "anna.png"?' \
		'./templates/pictures/beach.jpg:1:1: warning: is never seen: no letter shows it, and nobody who signs has the login "beach"' \
		'./templates/pictures/olga.gif:1:1: warning: is never seen: there is another picture of this name, which is taken; take one away' \
		'./templates/pictures/olga.txt:1:1: warning: is never seen: a picture is PNG, JPEG or GIF, and its name ends in .png, .jpg or .gif'
}

@test "lint: a layout that would empty, spoil or betray every letter" {
	local layout="$BATS_TEST_DIRNAME/../../templates/layout" said
	playbook "$(step hello email)" "$(step other email)"
	page letters/ru/hello.md <<<$'Subject: x\n\nДа'
	page letters/ru/other.md <<<$'Subject: x\n\nДа'
	maria
	mkdir templates/layout
	cp "$layout"/* templates/layout
	finds

	spoil() {                           # spoil SED FINDING...: with this change lint finds these, as errors, and all is held
		sed "$1" "$layout/letter.html" >templates/layout/letter.html
		shift
		finds "${@/#/./templates/layout/letter.html:}"
		[ "$status" -eq 65 ]
		ok tick --dry-run
		line 'dry run: 2 held'
	}
	spoil '/{{{body}}}/d' '1:1: error: the letter does not stand in it: write {{{body}}} where it goes'
	spoil 's/{{{body}}}/{{body}}/' '67:1: error: write {{{body}}}, with three braces: with two the reader sees its tags'
	spoil 's/{{{body}}}/{{{body}}} {{{body}}}/' '1:1: error: the letter stands in it more than once: write {{{body}}} once'
	said='put the file into pictures in the folder of templates, and show it in letters as ![words](pictures/FILE)'
	spoil 's|{{{body}}}|&<img src="https://x.ru/a.png"><script>x()</script>\n<a onclick="x()" href=warm>a</a>|' \
		"67:21: error: \"https://x.ru/a.png\" would be hidden by mail programs: $said" \
		'67:41: error: <script> is nothing that mail programs show or run: take it out' \
		'68:4: error: "onclick" is a script, which mail programs do not run: take it out' \
		'68:23: error: the link "warm" leads nowhere: it must begin with https://, mailto: or tel:'
	spoil 's|{{{body}}}|{{{body}}}<p style="background:URL(https://x.ru/a.png)">{{x}}</p>|' \
		"67:36: error: \"https://x.ru/a.png\" would be hidden by mail programs: $said" \
		'67:57: error: unknown variable "x": '"$THERE"
	spoil 's|{{{body}}}|&{signer.name} [[body]]|' \
		'67:11: error: "{signer.name}" would be seen by the reader: write {{signer.name}}' \
		'67:25: error: "[[body]]" would be seen by the reader: write {{body}}'
	: >templates/layout/letter.html
	spoil '1,$d' '1:1: error: the letter does not stand in it: write {{{body}}} where it goes'
	cp "$layout/letter.html" templates/layout
	echo '{{{body}}} {{#agency.phone}}{{agency.phone}}{{/agency.phone}} {{agency.address}} {{signer.name}} {{stop.text}}' >templates/layout/letter.txt
	finds './templates/layout/letter.txt:1:63: error: "agency.address" is empty here'
	ok tick --dry-run
	line 'dry run: 2 held'
	echo '{{{body}}} {{signer.name}} {{stop.text}}' >templates/layout/letter.txt
	finds './templates/layout/letter.txt:1:28: error: "stop.text" is empty here'
	ok tick --dry-run
	line 'dry run: 2 held'
	: >templates/layout/letter.txt
	finds './templates/layout/letter.txt:1:1: error: the letter does not stand in it: write {{{body}}} where it goes'
	echo '{{{body}}}' | tee templates/layout/letter.txt >templates/layout/letter.html
	printf '%s\n' '<p>{{{client.name}}}</p>{{#client.dear}}{{&client.dear}}{{/client.dear}}' '{{{body}}}{{signer.name}}{{#stop}}{{stop.url}}{{/stop}}' \
		>templates/layout/letter.html
	finds './templates/layout/letter.html:1:4: error: only {{{body}}} has three braces: anything else is written {{client.name}}' \
		'./templates/layout/letter.html:1:41: error: only {{{body}}} has three braces: anything else is written {{client.dear}}' \
		'./templates/layout/letter.txt:1:1: warning: does not say how to get no more letters that sell: write {{#stop}}{{stop.question}} {{stop.text}}{{/stop}}' \
		'./templates/layout/letter.txt:1:1: warning: does not say who signs: write {{signer.name}} where the signature goes'
	echo '{{{body}}}' >templates/layout/letter.html
	finds './templates/layout/letter.html:1:1: warning: does not say how to get no more letters that sell: write {{#stop}}{{stop.question}} {{stop.url}}{{/stop}}' \
		'./templates/layout/letter.html:1:1: warning: does not say who signs: write {{signer.name}} where the signature goes' \
		'./templates/layout/letter.txt:1:1: warning: does not say how to get no more letters that sell: write {{#stop}}{{stop.question}} {{stop.text}}{{/stop}}' \
		'./templates/layout/letter.txt:1:1: warning: does not say who signs: write {{signer.name}} where the signature goes'
	ok tick
	out '2 sent'
}

@test "lint: Markdown as people type it is a warning with its line, and the letter goes" {
	playbook "$(step hello email)"
	maria
	page letters/ru/partials/list.md <<<$'•  паспорт\n•  билет'
	page letters/ru/hello.md <<-'E'
		Subject: x

		Возьмите:
		-паспорт
		-билет

		{{> list}}

		– раз
		– два

		1)раз
		2)два

		- один *и
		  **жирный*
		- два
		Спасибо!

		{{#trip.nights}}
		#Заголовок
		{{/trip.nights}}

		##Ещё

		#тёплыестраны и #ТёплыеСтраны, 5 * 3, 2*2, a_b, \*, \#Заголовок

		#ТёплыеСтраны

		| a | b |
		|---|---|
		| 1 | 2 |

		_курсив и ** жирный **

		{{^trip.nights}}
		На один день *в путь
		{{/trip.nights}}

		— Одна прямая речь
	E
	local at=./templates/letters/ru/hello.md star='"*" would be seen by the reader: italics are not closed; a star that is meant is written \*'
	local bold='"**" would be seen by the reader: a bold text is not closed, or there is a space inside its stars'
	finds "$at:4:1: warning: this list would run together: write \"- паспорт\"" \
		"$at:9:1: warning: this list would run together: write \"- раз\"" \
		"$at:12:1: warning: this list would run together: put an empty line before it, and write \"1. раз\"" \
		"$at:15:8: warning: $star" \
		"$at:16:3: warning: $bold" \
		"$at:18:1: warning: this line would run on in the list above: put an empty line before it, or indent it by two spaces" \
		"$at:21:1: warning: this is no heading: put a space behind \"#\"; for a hashtag write \\#" \
		"$at:24:1: warning: this is no heading: put a space behind \"##\"; for a hashtag write \\#" \
		"$at:31:1: warning: this table would run together: letters have none, write a list" \
		"$at:34:1: warning: \"_\" would be seen by the reader: italics are not closed; a line that is meant is written \\_" \
		"$at:34:11: warning: $bold" \
		"$at:34:21: warning: $bold" \
		"$at:37:14: warning: $star" \
		'./templates/letters/ru/partials/list.md:1:1: warning: this list would run together: write "- паспорт"'
	[ "$status" -eq 0 ]
	ok tick
	out '1 sent'
}

@test "lint: what is wrong in a letter has the same line in lint, preview, tick and why; what lint calls an error holds it" {
	local at=./templates/letters/ru/hello.md
	playbook "$(step hello email)"
	maria
	agree() {                           # agree BODY PLACE FAULT: all four say so
		page letters/ru/hello.md <<<$'Subject: x\n\nПервая строка\n'"$1"
		finds "$2: error: $3"
		[ "$status" -eq 65 ]
		fails 65 "$2: $3" preview hello --trip T1
		ok tick --dry-run
		line 'dry run: 1 held'
		line "would hold A1 hello e-mail T1: $2: $3"
	}
	agree $'\nДа, [слова](warm)' "$at:5:13" 'the link "warm" leads nowhere: it must begin with https://, mailto: or tel:'
	agree $'да, [слова](a@b.ru)' "$at:4:13" 'the link "a@b.ru" leads nowhere: it must begin with https://, mailto: or tel:'
	agree $'- да, [слова](/a/page.html)' "$at:4:15" 'the link "/a/page.html" leads nowhere: it must begin with https://, mailto: or tel:'
	agree $'да, [слова]()' "$at:4:13" 'the link leads nowhere: put its address between ( and )'
	page letters/ru/partials/part.md <<<$'Строка\n\n  [слова](warm)'
	agree $'\n{{> part}}' './templates/letters/ru/partials/part.md:3:11' 'the link "warm" leads nowhere: it must begin with https://, mailto: or tel:'
	rm -r templates/letters/ru/partials
	agree $'![Мы](https://x.ru/a.png)' "$at:4:7" \
		'the picture "https://x.ru/a.png" must be a file of the folder pictures, named in a-z, 0-9, - and _: ![words](pictures/beach.jpg)'
	agree $'> ![Мы](pictures/a.png)' "$at:4:9" 'there is no picture ./templates/pictures/a.png: put it there'
	agree $'x <!-- да -->' "$at:4:3" 'HTML is not allowed: "<!-- да -->"; letters are Markdown, comments are {{! ... }}'
	agree $'[мы](tel: {{client.phone | нет}})' "$at:4:4" \
		'"](" would be seen by the reader: a link did not work; an address with spaces stands in <>: [text](<tel:...>)'
	agree $'да\n\n    {{client.email | нет}}' "$at:6:5" 'a variable inside code (`...` or four leading spaces) shows backslashes'
	for gap in ' ' '  ' $'\u00a0' $'\t' $'\n'; do
		agree "да, [слова]${gap}(https://warm.ru/x)" "$at:4:11" \
			'"] (" would be seen by the reader: a link did not work; it is written [words](https://...), without a blank'
	done
	agree '![Пляж] (pictures/a.png)' "$at:4:7" \
		'"] (" would be seen by the reader: a link did not work; it is written [words](https://...), without a blank'
	for name in '((client.name))' '«client.name»' '｛｛client.name｝｝' '‹‹client.name››' '(client.name)' 'пишите client.name.'; do
		agree "$name" "$at:4:$(($(expr index "$name" c)))" '"client.name" would be seen by the reader: write {{client.name}}'
	done
	agree $'{client.name}' "$at:4:1" '"{client.name}" would be seen by the reader: write {{client.name}}'
	ok tick
	out '1 held'
	ok why A1
	grep -qF "$at:4:1: " .out
	ok report --overdue
	grep -qF "$at:4:1: " .out
	page letters/ru/hello.md <<<$'Subject: x\n\n[мы](more.warm.ru/x:y)'
	finds "$at:3:6: warning: the link \"more.warm.ru/x:y\" has no scheme: begin it with https://, mailto: or tel:"
	ok tick
	out '1 sent'
}

@test "a link that leads out of the folder of templates is no template, no attachment and no picture" {
	local at=./templates/letters/ru/hello.md out='is a link that leads out of the folder ./templates: put the file itself there'
	playbook "$(step hello email)" "$(step short sms)"
	maria
	echo secret >secret
	page letters/ru/hello.md <<<$'Subject: x\nAttachments: memo.txt\n\n![Мы](pictures/us.png) {{> part}}'
	page letters/ru/partials/part.md <<<'Да'
	mkdir -p templates/attachments shelf templates/sms/ru
	png us.png
	mv templates/pictures/us.png shelf
	ln -s ../../shelf/us.png templates/pictures/us.png
	ln -s ../../secret templates/attachments/memo.txt
	ln -s ../../../secret templates/sms/ru/short.txt
	finds "$at:2:14: error: ./templates/attachments/memo.txt $out" \
		"$at:4:7: error: ./templates/pictures/us.png $out" \
		"./templates/sms/ru/short.txt:1:1: error: $out"
	[ "$status" -eq 65 ]
	ok tick
	out '2 held'
	ok report --overdue
	no_line secret
	rm -r templates/attachments templates/pictures templates/sms
	mkdir shelf/{attachments,pictures}
	cp secret shelf/attachments/memo.txt
	cp shelf/us.png shelf/pictures
	ln -s ../shelf/attachments ../shelf/pictures templates
	finds "$at:2:14: error: ./templates/attachments/memo.txt $out" "$at:4:7: error: ./templates/pictures/us.png $out" \
		'./templates/playbook.json:3:9: error: "short" by SMS has no words: write ./templates/sms/ru/short.txt, or take it out of the playbook'
	rm templates/{attachments,pictures}             # within the folder, and to the folder itself, links are fine
	mv shelf templates/shelf
	ln -s shelf/attachments shelf/pictures templates
	mkdir -p templates/sms/ru
	echo Да >templates/short
	ln -s ../../short templates/sms/ru/short.txt
	mv templates elsewhere
	ln -s elsewhere templates
	finds
	ok tick
	out '2 sent'
}

@test "lint: what only data decide is no error, and what they cannot mend is one" {
	local at=./templates/letters/ru/hello.md nowhere='leads nowhere: it must begin with https://, mailto: or tel:'
	playbook "$(step hello email)"
	maria
	echo '{"agency": {"name": "А", "survey_url": "warm", "site": "https://warm.ru"}}' >pps.json
	page letters/ru/hello.md <<-'E'
		Subject: x
		Attachments: {{#fact.memo}}{{fact.memo}}{{/fact.memo}}, b.pdf, {{^first_trip}}c.pdf{{/first_trip}}

		Да{{#fact.url}}, [x]({{fact.url}}){{/fact.url}} [имя]({{client.name}})
		{{#agency.address}}{{agency.phone}}{{/agency.address}}
		{{#mark.loyal}}[опрос]({{agency.survey_url}}){{/mark.loyal}} [мы]({{agency.site}})
	E
	finds "$at:2:14: error: there is no file ./templates/attachments/b.pdf: put it there, or take it out of Attachments" \
		"$at:2:14: error: there is no file ./templates/attachments/c.pdf: put it there, or take it out of Attachments" \
		"$at:4:49: error: the link \"Sample%20Client%20(Jr)\" $nowhere" \
		"$at:6:24: warning: \"agency.survey_url\" in pps.json, \"warm\", has no scheme: begin it with https://, mailto: or tel:" \
		"$at:6:24: error: the link \"warm\" $nowhere"
}

@test "lint: what editors and reset leave beside the templates is not looked at" {
	playbook "$(step hello email)"
	page letters/ru/hello.md <<<$'Subject: x\n\nДа'
	for name in letters/ru/hello.md~ letters/ru/.hello.md.swp letters/ru/partials/old.md~ letters/ru~/hello.md letters/.git/x sms~/ru/x.txt \
		.pps-base/letters/ru/hello.md pictures/logo.png~ pictures/.logo.png; do
		page "$name" <<<'{{unknown}}'
	done
	finds
}

@test "lint: a letter of thirty thousand lines is read in seconds, not in minutes" {
	playbook "$(step hello email)"
	page letters/ru/hello.md < <(printf 'Subject: x\n\n' && yes a | head -n 30000)
	(
		ulimit -t 20
		finds
	)
}

@test "lint: what no occasion of the series ever has holds every message, and is an error; so is any value in code" {
	local at=./templates/letters/ru/hello.md all='messages of this step, so that none can go: take it out, or put this into'
	playbook "$(step hello email)" "$(step back sms '' return)" "$(step lost-letter email '"series": "lost", "signed_by": "service", ' learned)"
	maria
	page letters/ru/hello.md <<-'E'
		Subject: x
		From: agency

		{{lost.destination}} {{#lost.words}}{{lost.reason}}{{/lost.words}} {{trip.party}} {{feedback.nps}} {{also}}
		{{signer.position}} {{trip.days_left}}
	E
	page sms/ru/back.txt <<<'{{trip.days_left}} {{trip.return_time}}'
	page letters/ru/lost-letter.md <<<$'Subject: {{lost.destination}}\n\n{{trip.departure}} {{signer.position}}'
	answers 65 lint
	diff - <(sed 's/: "\([a-z_.]*\)" is always empty in .*/ \1/; s/: "\([a-z_.]*\)" may be empty.*/ \1/' .out) <<-E
		./templates/letters/ru/hello.md:4:1: error lost.destination
		./templates/letters/ru/hello.md:4:68: warning trip.party
		./templates/letters/ru/hello.md:4:83: warning feedback.nps
		./templates/letters/ru/hello.md:4:100: error also
		./templates/letters/ru/hello.md:5:1: error signer.position
		./templates/letters/ru/lost-letter.md:1:10: warning lost.destination
		./templates/letters/ru/lost-letter.md:3:1: error trip.departure
		./templates/letters/ru/lost-letter.md:3:20: warning signer.position
		./templates/sms/ru/back.txt:1:1: error trip.days_left
		./templates/sms/ru/back.txt:1:20: warning trip.return_time
	E
	line "$at:4:1: error: \"lost.destination\" is always empty in $all {{#lost.destination}}...{{/lost.destination}}"
	rm -r templates/sms templates/letters/ru/lost-letter.md
	playbook "$(step hello email)"
	# A name without a sign in it would look well; the next one would not.
	for body in '`Имя: {{client.salutation}}`' '` {{client.salutation}} `' $'```\nда\n{{client.salutation}}\n```'; do
		page letters/ru/hello.md <<<$'Subject: x\n\n'"$body"
		answers 65 lint
		ok tick --dry-run
		line 'dry run: 1 held'
	done
	page letters/ru/hello.md <<<$'Subject: x\n\n`да`{{client.salutation}} `нет`'
	finds
	ok tick
	out '1 sent'
}

# as_text: what lint found, without the folder and what is said behind the place and the quoted words.
as_text() {
	sed -nE 's#^\./templates/([^ ]*) (warning|error): ("[^"]*") (is|would).*#\1 \2 \3#p' .out
}

@test "lint: a greeting, a preposition or a noun that is said twice, and a word that is right for women alone" {
	playbook "$(step hello email)" "$(step short sms)"
	page letters/ru/hello.md <<-'E'
		Subject: Добрый день, {{client.dear}}!

		Здравствуйте, **{{client.dear}}**! Дорогая {{client.salutation}}, уважаемый *{{client.name}}*,

		вылет в {{trip.departure_weekday}}, обратно во **{{trip.return_weekday}}**, на {{trip.nights}} ночей.
	E
	page letters/en/hello.md <<-'E'
		Subject: x

		Hi {{client.dear}}, Mrs. {{client.salutation}} flies on {{trip.departure_weekday}}
	E
	page letters/bg/hello.md <<-'E'
		Subject: x

		Здравейте, {{client.dear}}! Скъпа {{client.salutation}}, на {{#trip}}{{departure_weekday}}{{/trip}}
	E
	page sms/ru/short.txt <<<'Дорогой {{client.salutation}}!'
	ok lint --lang ru,en,bg
	as_text | diff - <(cat <<-'E'
		letters/bg/hello.md:3:12: warning "Здравейте"
		letters/bg/hello.md:3:35: warning "Скъпа"
		letters/en/hello.md:3:4: warning "Hi"
		letters/en/hello.md:3:26: warning "Mrs."
		letters/en/hello.md:3:57: warning "on"
		letters/ru/hello.md:1:23: warning "Добрый день"
		letters/ru/hello.md:3:17: warning "Здравствуйте"
		letters/ru/hello.md:3:44: warning "Дорогая"
		letters/ru/hello.md:3:78: warning "уважаемый"
		letters/ru/hello.md:5:9: warning "в"
		letters/ru/hello.md:5:50: warning "во"
		letters/ru/hello.md:5:80: warning "ночей"
		sms/ru/short.txt:1:9: warning "Дорогой"
	E
	)
}

@test "lint: links that are torn apart, placeholders of other programs, Markdown in plain text; ordinary prose has none of it" {
	playbook "$(step hello email)" "$(step short sms)"
	maria
	page letters/ru/hello.md <<-'E'
		Subject: **Ура**, [имя клиента]
		Preheader: [сайт](https://warm.ru)

		[сайт] (https://warm.ru/x) (сайт)[https://warm.ru] [сайт]  (warm.ru) [да] ({{agency.phone}})

		[имя] [ваше имя] <имя> %NAME% %имя% *|FNAME|*
	E
	page sms/ru/short.txt <<-'E'
		# Завтра
		**Вылет**, *точно*: [сайт](https://warm.ru) [имя] <name>
	E
	answers 65 lint
	as_text | diff - <(cat <<-'E'
		letters/ru/hello.md:1:10: warning "**"
		letters/ru/hello.md:1:19: warning "[имя клиента]"
		letters/ru/hello.md:2:17: warning "]("
		letters/ru/hello.md:4:6: error "] ("
		letters/ru/hello.md:4:33: error ")["
		letters/ru/hello.md:4:57: error "] ("
		letters/ru/hello.md:6:1: warning "[имя]"
		letters/ru/hello.md:6:7: warning "[ваше имя]"
		letters/ru/hello.md:6:18: warning "<имя>"
		letters/ru/hello.md:6:24: warning "%NAME%"
		letters/ru/hello.md:6:31: warning "%имя%"
		letters/ru/hello.md:6:37: warning "*|FNAME|*"
		sms/ru/short.txt:1:1: warning "#"
		sms/ru/short.txt:2:1: warning "**"
		sms/ru/short.txt:2:12: warning "*"
		sms/ru/short.txt:2:26: warning "]("
		sms/ru/short.txt:2:45: warning "[имя]"
		sms/ru/short.txt:2:51: warning "<name>"
	E
	)
	ok tick --dry-run
	grep -q '^would hold A1 hello e-mail T1: ./templates/letters/ru/hello.md:4:6: "\] (" would be seen by the reader: a link did not work' .out
	page letters/ru/hello.md <<<$'Subject: x\n\n<client.name> и [client.name]'
	page sms/ru/short.txt <<<'<client.name> [client.name]'
	answers 65 lint
	[ "$(grep -c 'error: .* would be seen by the reader: write {{client.name}}' .out)" -eq 4 ]
	page letters/ru/hello.md <<-'E'
		Subject: Отель 5*, скидка 5% и 10%, [1], 2*2*2, <3, № 5

		1. мая: отель 5* (4*), [1] (см. ниже), 10% и 20% всем, [x], [имя](https://warm.ru), [отель][1], a < b и c > d

		Дорогая наша {{client.salutation}}! Летим {{trip.departure_weekday}}, во вторник. \[имя] [т] (т.е.) [т] (и т.д.)

		{{client.dear}}! На {{trip.nights}}, ночью, [card] и [фото], 50%-ная скидка, (да)[1]

		[1]: https://warm.ru
	E
	page sms/ru/short.txt <<<'Отель 5*, 10% #хэштег * при наличии, *сноска, № [1]'
	finds
	ok tick
	out '2 sent'
}

@test "lint: the header lines of an SMS in the author's own language" {
	playbook "$(step hello sms)"
	maria
	for line in 'Части: 2' 'части : 2' 'Частей: 2'; do
		page sms/ru/hello.txt <<<"$line"$'\nПривет'
		finds "./templates/sms/ru/hello.txt:1:1: error: unknown header \"${line%%[ :]*}\": did you mean \"Parts\"?"
	done
	page sms/ru/hello.txt <<<$'Транслитерация: да\n\nПривет'
	finds './templates/sms/ru/hello.txt:1:1: error: unknown header "Транслитерация": did you mean "Transliterate"?'
	ok tick --dry-run
	line 'dry run: 1 held'
	page sms/ru/hello.txt <<<$'Части пути: 2\n\nВнимание: рейс перенесён'
	finds
}

@test "lint: a layout is judged by what a mail program reads, however it is spelled" {
	local layout="$BATS_TEST_DIRNAME/../../templates/layout" picture='would be hidden by mail programs' spelling='write the sign itself' html found
	local useless='is nothing that mail programs show or run: take it out' section='the beginning of an address may not depend on a section'
	playbook "$(step hello email)"
	page letters/ru/hello.md <<<$'Subject: x\n\nДа {{> part}}'
	page letters/ru/partials/part.md <<<$'Да\n\n'
	maria
	mkdir templates/layout
	cp "$layout"/* templates/layout
	while IFS='~' read -r found html; do
		html=${html//$'\t'/}
		awk -v html="$html" '{ print } /{{{body}}}/ { print html }' "$layout/letter.html" >templates/layout/letter.html
		pps lint
		if [ "$found" = fine ]; then
			out '1 template: nothing to mend'
		else
			echo "$html: $found" >>.tried
			grep -F "./templates/layout/letter.html:68:${found%% *}: error: " .out | grep -qF "${found#* }"
			ok tick --dry-run
			line 'dry run: 1 held'
		fi
	done <<-E
		22 a backslash in CSS hides what stands there~<p style="background:\\\\75 rl(https://x.ru/a.png)">
		31 $picture~<p style="background:&#117;rl(https://x.ru/a.png)">
		30 $picture~<p style="background:&#x75rl(https://x.ru/a)">
		10 "javascript:x()" leads nowhere~<a href="&#106;avascript:x()">
		15 $spelling~<a href="https&colon;//warm.ru">
		fine~<a href="https&#58;//warm.ru/?a=1&amp;b=2&c=3">x</a> &copy; url(https://x.ru) @import
		1 <form> $useless~<form action="https://x.ru"></form>
		7 <meta http-equiv> $useless~<meta HTTP-EQUIV="&#114;efresh" content="0;url=https://x.ru">
		fine~<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
		12 <script> $useless~<!-- a --!><script>x()</script> -->
		6 <script> $useless~<!--><script>x()</script>-->
		fine~<!-- <script>x()</script> --><p style="scroll-behavior:smooth"></p>
		27 <script> $useless~<!--[if mso]><p title="--><script>x()</script><!--"><![endif]-->
		1 <base> $useless~<base href="https://x.ru/">
		8 $picture~<style>@im{{! }}port "https://x.ru/a.css";</style>
		39 <script> $useless~<style>a{content:"<p title='"}</style><script>x()</script>
		10 the link "mailto:" names no mailbox: write~<a href="mailto:">a</a>
		10 the link "https://warm.ru:abc/" leads nowhere~<a href="https://warm.ru:abc/">a</a>
		fine~<a href="mailto:{{#reach.email}}{{reach.email}}{{/reach.email}}">a</a><a href="https://warm.ru:8443/">b</a>
		6 srcset $useless~<img srcset="cid:a, https://x.ru/a.png 2x" src="cid:a">
		1 <link> $useless~<link rel=stylesheet href="https://x.ru/a.css">
		1 <script> $useless~<scr{{!}}ipt>x()</script>
		1 <script> $useless~<scr{{#lang}}ipt>{{/lang}}x()</script>
		15 <script> $useless~{{^preheader}}<script></script>{{/preheader}}
		10 $section~<a href="{{#lang}}javascript:x(){{/lang}}">x</a>
		17 "javascript:x()" leads nowhere~<a href="{{! x}}javascript:x()">x</a>
		fine~{{#logo}}<img src="cid:{{logo.cid}}">{{/logo}}<a{{#lang}} class="a"{{/lang}} href="https://warm.ru/{{#lang}}?a=1{{/lang}}">x</a>
		1 <svg> $useless~<svg><image href="https://x.ru/a.png"/></svg>
	E
	[ "$(wc -l <.tried)" -eq 23 ]
	page letters/ru/partials/part.md <<<$'Да\n\n<script>x()</script>'
	awk '{ print } /{{{body}}}/ { print "{{> part}}" }' "$layout/letter.html" >templates/layout/letter.html
	answers 65 lint
	grep -qF "./templates/letters/ru/partials/part.md:3:1: error: <script> $useless" .out
}

@test "lint: a name of which any may be asked for is compared with those that there are" {
	playbook "$(step hello email)" "$(step packing sms)"
	page sms/ru/packing.txt <<<'Да'
	page letters/ru/hello.md <<-'E'
		Тема: Привет

		Да
	E
	maria
	ok fact C1 отель Риксос
	finds './templates/letters/ru/hello.md:1:1: error: unknown header "Тема": did you mean "Subject"?'
	page letters/ru/hello.md <<-'E'
		Subject: {{destination}}

		Да.{{#merged.packing}} Да.{{/merged.packing}}{{#merged.paking}} Да.{{/merged.paking}}
		{{^merged.visa}}Да.{{/merged.visa}}
		{{#fact.отел}}{{fact.отел}}{{/fact.отел}}{{#fact.Отель}}{{fact.Отель}}{{/fact.Отель}}{{#fact.dog}}Да.{{/fact.dog}}
	E
	local at=./templates/letters/ru/hello.md
	finds "$at:1:10: error: unknown variable \"destination\": did you mean \"trip.destination\"?" \
		"$at:3:46: error: the playbook has no step \"paking\": did you mean \"merged.packing\"?" \
		"$at:4:1: warning: is never so: the playbook has no step \"visa\"; take it out, or add the step" \
		"$at:5:1: warning: no client has a fact \"отел\": did you mean \"fact.отель\"?" \
		"$at:5:15: warning: no client has a fact \"отел\": did you mean \"fact.отель\"?"
}

@test "lint: a partial that only a layout includes is used, in every language" {
	playbook "$(step hello email)"
	page letters/ru/hello.md <<<$'Subject: x\n\nДа'
	page letters/en/hello.md <<<$'Subject: x\n\nYes'
	mkdir templates/layout
	sed 's|{{{body}}}|{{{body}}}{{#preheader}}{{> foot}}{{/preheader}}|' "$BATS_TEST_DIRNAME/../../templates/layout/letter.html" >templates/layout/letter.html
	page letters/ru/partials/foot.md <<<'{{> more}}'
	for part in ru/partials/more en/partials/foot; do
		page letters/$part.md <<<x
	done
	finds
	page letters/en/partials/more.md <<<x
	finds './templates/letters/en/partials/more.md:1:1: warning: is never used: no template includes it with {{> more}}; take the file away'
}

@test "lint: links that lead nowhere, hosts that are not ASCII, and signs that nobody sees" {
	playbook "$(step hello email)"
	maria
	local at=./templates/letters/ru/hello.md
	page letters/ru/hello.md <<-'E'
		Subject: x

		[a](mailto:) [b](tel:) [c](tel:нет) [d](mailto:?subject=x)
		[f](https://warm.ru:99999/) [g](https://warm.ru:abc) [h](https://) [i](https:///x)

		Да &#x202e;тен, `a&#1;b` [j](https://warm.ru/ "&#8238;")
		**а &#1;**
	E
	finds "$at:3:5: error: the link \"mailto:\" names no mailbox: write mailto:info@more.example" \
		"$at:3:18: error: the link \"tel:\" names no number: write tel:+74951234567" \
		"$at:3:28: error: the link \"tel:нет\" names no number: write tel:+74951234567" \
		"$at:3:41: error: the link \"mailto:?subject=x\" names no mailbox: write mailto:info@more.example" \
		"$at:4:5: error: the link \"https://warm.ru:99999/\" leads nowhere: a port is a number up to 65535, and hardly any site needs one" \
		"$at:4:33: error: the link \"https://warm.ru:abc\" leads nowhere: a port is a number up to 65535, and hardly any site needs one" \
		"$at:4:58: error: the link \"https://\" names no host: write https://more.example/form" \
		"$at:4:72: error: the link \"https:///x\" names no host: write https://more.example/form" \
		"$at:6:4: error: a sign that nobody sees (U+202E): take it out" \
		"$at:6:48: error: a sign that nobody sees (U+202E): take it out" \
		"$at:7:5: error: a sign that nobody sees (U+0001): take it out"
	printf 'Subject: x\n\nДа \u202eтен\n' >$at
	finds "$at:3:4: error: a sign that nobody sees (U+202E): delete what stands here, and type it by hand"
	page letters/ru/hello.md <<-'E'
		Subject: x

		[Анкета](https://турция.рф:8443/путь?а=б), [турция.рф](https://турция.рф), [письмо](mailto:anna@warm.ru?subject=x),
		[звонок](tel:112)&#8206;, [сайт]({{agency.site}})
	E
	echo '{"agency": {"name": "Warm", "lang": "ru", "site": "https://турция.рф/"}}' >pps.json
	finds
	ok preview hello --trip T1 --as-html -
	grep -qF '<a href="https://xn--h1apfeq9c.xn--p1ai:8443/%D0%BF%D1%83%D1%82%D1%8C?%D0%B0=%D0%B1">Анкета</a>' .out
	[ "$(grep -oF 'href="https://xn--h1apfeq9c.xn--p1ai' .out | wc -l)" -eq 4 ]        # the foot of the layout, too
	ok preview hello --trip T1
	grep -qF 'Анкета (https://турция.рф:8443/путь?а=б), турция.рф, ' .out
}
