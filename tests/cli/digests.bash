# What the tests of the lists of the morning share; `load digests` after the helpers.

# lists [HOUR]: switches them on; with a gateway when mail_server has named one. Olga gets one then.
lists() {
	local email='{"gateway": "outbox", "from": "info@warm.example"}'
	[ -z "${number-}" ] || email="{\"gateway\": \"smtp\", \"from\": \"info@warm.example\",
		\"smtp\": {\"host\": \"127.0.0.1\", \"port\": $number, \"security\": \"none\"}}"
	printf '%s\n' "{\"agency\": {\"name\": \"Тёплые страны\"}, \"digest\": {\"at\": \"${1-08:30}\"}, \"email\": $email}" >pps.json
}

# morning: one call for anna, today; olga has an address, so that two get a list.
morning() {
	lists "$@"
	ok staff edit olga --email olga@warm.example
	at '2026-12-08 14:00'
	ok add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --departure '10.12.2026 11:20' --return 20.12.2026 \
		--destination Анталья
	ok tick
	at '2026-12-09 08:30'
}

# mail_server [STEP=ACTION...]: a scripted server of ours; what it took is in mail.log.
mail_server() {
	rm -f hold port
	mkfifo hold port
	/usr/bin/python3 -B "$BATS_TEST_DIRNAME/../fake/smtp_server.py" mail.log "$@" <hold >port 3>&- &
	exec 9>hold
	read -r number <port
}

# fate LOGIN: what the database says of the list of this day.
fate() {
	sql "SELECT state FROM digest JOIN staff s ON s.id = staff_id WHERE s.login = '$1' AND day = '2026-12-09'"
}
