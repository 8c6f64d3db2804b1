#!/usr/bin/env bats
# pps render: any template with any data, exactly, without an agency. The rules of the language itself are in
# tests/unit/test_mustache_spec.c, test_mustache.c and test_place.c.

load helpers

# No database, no configuration: an empty folder will do.
setup() {
	_trace_tests_only
	cd "$BATS_TEST_TMPDIR" || return 1
	ENV=() AS='' NOW=''
	_hide_environment
}

# renders TEXT TEMPLATE ARG...: standard output is exactly TEXT, without a line feed that was not asked for.
renders() {
	local text=$1
	printf '%b' "$2" >template
	shift 2
	ok render template "$@"
	printf '%b' "$text" | cmp - .out || _complain 'other bytes' "$@"
}

@test "render: values, lists, numbers as they are written, nothing added" {
	renders 'Мария, 1.10 3e2 -0\r\nx' '{{name}},{{#n}} {{.}}{{/n}}\r\nx' --data '{"name": "Мария", "n": [1.10, 3e2, -0]}'
	renders '' '{{! nothing }}'
	renders 'a <b> *c*' 'a {{v}} {{w | *c*}}' --data '{"v": "<b>", "w": null}'
	[ ! -e pps.db ] && [ ! -e home ]
}

@test "render: the ending says what values go through, --kind says otherwise" {
	data='{"v": "<b> & *c*"}'
	printf '{{v}}' | tee t.txt t.html t.md >/dev/null
	ok render t.txt --data "$data"
	[ "$(cat .out)" = '<b> & *c*' ]
	ok render t.html --data "$data"
	[ "$(cat .out)" = '&lt;b&gt; &amp; *c*' ]
	ok render t.md --data "$data"
	[ "$(cat .out)" = '\<b\> \& \*c\*' ]
	ok render t.md --html --data "$data"
	out '<p>&lt;b&gt; &amp; *c*</p>'
	ok render t.md --kind plain --data "$data"
	[ "$(cat .out)" = '<b> & *c*' ]
	fails 64 '--kind: "pdf" is not html, markdown or plain' render t.md --kind pdf
	fails 64 '--html is for Markdown: add --kind markdown' render t.txt --html
}

@test "render: data from a file, and either of the two from standard input" {
	echo '{"v": "from a file"}' >data.json
	renders 'from a file' '{{v}}' --data @data.json
	bare sh -c 'printf "{{v}}" | "$0" render - --data "{\"v\": 1}"' "$PPS" >.out 2>.err
	[ "$(cat .out .err)" = 1 ]
	bare sh -c 'echo "{\"v\": 2}" | "$0" render template --data -' "$PPS" >.out 2>.err
	[ "$(cat .out .err)" = 2 ]
	fails 64 'template and data cannot both come from standard input' render - --data -
}

@test "render: parts lie in the folder partials beside the file, with its ending" {
	mkdir -p a/partials
	echo '{{v}}' | tee a/partials/p.html a/partials/p.txt >/dev/null
	printf 'x\n  {{> p}}\n' | tee a/t.html a/t.txt >/dev/null
	ok render a/t.txt --data '{"v": "<"}'
	out $'x\n  <'
	ok render a/t.html --data '{"v": "<"}'
	out $'x\n  &lt;'
	fails 65 'a/partials/p.txt:1:1: unknown variable "v"' render a/t.txt
	echo '{{> ../p}}' >a/t.txt
	fails 65 'a/t.txt:1:1: cannot include "../p": the name of a part has no / in it and does not begin with a dot' \
		render a/t.txt
	echo '{{> gone}}' >a/t.txt
	fails 65 'a/t.txt:1:1: cannot include "gone": cannot open a/partials/gone.txt: No such file or directory' render a/t.txt
	ok render a/t.txt --lenient
	[ ! -s .out ]
}

@test "render: what is unknown or empty is an error with its place, --lenient lets it pass" {
	printf 'Dear\n {{nam}}' >t.txt
	fails 65 't.txt:2:2: unknown variable "nam": did you mean "name"?' render t.txt --data '{"name": "x"}'
	ok render t.txt --lenient
	[ "$(cat .out)" = $'Dear\n ' ]
	printf '{{name}}' >t.txt
	fails 65 't.txt:1:1: "name" is empty here' render t.txt --data '{"name": null}'
	fails 65 't.txt:1:1: "name" is empty here' render t.txt --data '{"name": ""}'
	printf '{{{name}}}' >t.txt
	fails 65 't.txt:1:1: write {{name}}: unescaped values are not allowed' render t.txt --data '{"name": "x"}'
	printf '{{name|x}}' >t.txt
	fails 65 't.txt:1:1: put a space before and behind the |: "name|x"' render t.txt --data '{"name": "x"}'
	printf '<a href="{{name}}">' >t.html
	fails 65 't.html:1:10: "name": this link leads nowhere: it must begin with https://, mailto: or tel:' \
		render t.html --data '{"name": "javascript:x"}'
	printf 'a <b>' >t.md
	fails 65 't.md: HTML is not allowed: "<b>"; letters are Markdown, comments are {{! ... }}' render t.md --html
}

@test "render: what is no template, and what is no data" {
	printf 'a\xff' >t.txt
	fails 65 't.txt:1: the text is not UTF-8 here: save it as UTF-8' render t.txt
	printf 'a\n\0{{b' >t.txt
	fails 65 't.txt:2: a NUL byte' render t.txt
	printf '\n{{#a}}' >t.txt
	fails 65 't.txt:2:1: section "a" is never closed' render t.txt
	fails 65 '--data:1:7: this is not JSON: look for a missing comma, quote or bracket' render t.txt --data '{"a": }'
	printf '{\n"a": 1,\n"a": 2}' >data.json
	fails 65 'data.json:3:6: "a" is given twice' render t.txt --data @data.json
	fails 66 'cannot open gone.txt: No such file or directory' render gone.txt
	fails 66 'cannot open gone.json: No such file or directory' render t.txt --data @gone.json
}

# bats test_tags=long
@test "render: depth, size and work are bounded" {
	printf '{{#l}}{{#l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}{{/l}}' >t.txt
	seq -s , 1 100 | sed 's/.*/{"l": [&]}/' >data.json
	fails 65 't.txt:1:19: the template repeats itself without end' render t.txt --data @data.json
	seq -s , 1 10000 | sed 's/.*/{"l": [&]}/' >data.json
	renders "$(seq -s '' 1 10000)" '{{#l}}{{.}}{{/l}}' --data @data.json
	# Looking for a name among very many is work, too.
	{ seq 1 60000 | sed 's/.*/"k&": 0,/'; seq -s , 1 300 | sed 's/.*/"l": [&]/'; } | { echo '{'; cat; echo '}'; } >data.json
	printf '{{#l}}{{#l}}{{zz.y}}{{/l}}{{/l}}' >t.txt
	fails 65 't.txt:1:13: the template repeats itself without end' render t.txt --lenient --data @data.json
	mkdir partials
	printf 'x{{> t}}' >partials/t.txt
	printf '{{> t}}' >t.txt
	fails 65 'partials/t.txt:1:1: nested more than 32 deep' render t.txt
	head -c 1000000 /dev/zero | tr '\0' x >t.txt
	fails 65 't.txt:1:1: the text grows over 262144 bytes here' render t.txt
	head -c 1048577 /dev/zero | tr '\0' x >t.txt
	fails 65 't.txt is larger than 1048576 bytes' render t.txt
	printf x >t.txt
	fails 65 '--data:1:33: nested too deeply' render t.txt --data "$(printf '[%.0s' {1..40})"
}

@test "render --json: the text in a document" {
	printf 'a\n{{v}}' >t.txt
	ok render t.txt --data '{"v": "\"b\""}' --json
	json pps.render/1 text $'a\n"b"'
}
