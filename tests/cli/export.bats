#!/usr/bin/env bats
# All that is held on a client, as one document.

load helpers

@test "the card, what went out word for word, documents, answers and the log are in it" {
	maria --note 'любит тишину'
	ok fact C1 собака 'Жужа'
	printf '%%PDF-1.4\nваучер\n' >v.pdf
	ok attach T1 v.pdf
	ok tick
	at '2026-12-21 15:00'
	ok complaint add T1 --title 'шум' --words 'гремели ночью' --promise 23.12.2026 --manager anna
	ok feedback add T1 --csat 2 --words 'было шумно'
	ok consent C1 --no --source 'по телефону'
	ok export C1
	json pps.export/1 client.id C1 facts[0].value Жужа occasions[0].kind trip occasions[0].steps[0].state sent \
		occasions[0].steps[0].message.to maria@example.com occasions[0].documents[0].name v.pdf \
		occasions[0].documents[0].base64 "$(base64 -w0 v.pdf)" consents[0].said no
	grep -q 'Мария' .out && grep -q 'гремели ночью' .out && grep -q 'было шумно' .out
	grep -q '"verb":[[:space:]]*"add-client"' .out
}

@test "of other people only the number of the card is in it" {
	maria
	ok add-client --name 'Ева Ли' --phone 89031112233 --departure 15.01.2027 --return 20.01.2027
	ok referral add C1 C2 --reward 'скидка Еве'
	ok export C1
	json pps.export/1 referrals[0].brought C2
	! grep -q 'Ева Ли' .out
	ok export C2
	json pps.export/1 referrals[0].brought_by C1
	! grep -q 'Мария\|скидка' .out
}

@test "--output is for nobody else to read, and writes over nothing" {
	maria
	ok export C1 --output c1.json
	out 'c1.json: all that is held on them, for nobody else to read'
	[ "$(stat -c %a c1.json)" = 600 ]
	python3 -c 'import json; assert json.load(open("c1.json"))["schema"] == "pps.export/1"'
	cp c1.json before
	answers 73 export C1 --output c1.json
	cmp c1.json before
	answers 74 export C1 --output nowhere/c1.json
	answers 64 export C1 --output ''
	answers 66 export C7
}

@test "a full disk leaves nothing behind" {
	maria
	printf '%%PDF-1.4\n%200000s\n' x >v.pdf
	ok attach T1 v.pdf
	(ulimit -f 100 && trap '' XFSZ && pps export C1 --output c1.json; [ "$status" -ne 0 ])
	[ -z "$(ls -A | grep c1.json)" ]
}

@test "a client who was forgotten leaves nothing to give away" {
	maria
	ok cancel-trip T1
	ok forget C1 --yes
	ok export C1
	json pps.export/1 client.name forgotten
	! grep -q 'Мария\|maria' .out
}
