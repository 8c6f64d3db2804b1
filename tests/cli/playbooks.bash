# Playbooks for tests of what the shipped one may do in another way; `load playbooks` beside helpers.

# playbook STEP...: writes one with these steps, and with $HOLIDAYS.
playbook() {
	mkdir -p templates
	local IFS=,
	echo "{\"steps\": [$*], \"holidays\": {${HOLIDAYS-}}}" >templates/playbook.json
}

THANKS='{"key": "thank-you", "channel": "email", "otherwise": ["sms"], "at": {"anchor": "purchase"},
	"grace": {"days": 3}, "if_late": "send_now"}'
PACKING='{"key": "packing", "title": "Packing tips", "channel": "email", "otherwise": ["sms"],
	"at": {"anchor": "departure", "days": -5, "time": "10:00"}, "grace": {"days": 2}}'
PREFLIGHT='{"key": "preflight", "title": "Pre-flight call", "channel": "call", "otherwise": ["email"],
	"at": {"anchor": "departure", "days": -1, "time": "10:00"},
	"not_after": {"anchor": "departure", "time": "13:00", "minutes": -180}, "if_moved": "again",
	"fallback": {"channel": "sms", "at": {"anchor": "departure", "days": -1, "time": "16:00"}},
	"grace": {"days": 2}, "if_late": "send_now"}'
CORRECTION='{"key": "correction", "title": "Correction of the dates", "channel": "sms",
	"at": {"anchor": "moved"}, "only_if": ["reminded"], "if_moved": "again",
	"not_after": {"anchor": "departure", "time": "23:00", "minutes": 0},
	"grace": {"days": 1}, "if_late": "send_now"}'
LOYALTY='{"key": "loyalty", "title": "Loyalty programme", "channel": "email",
	"at": {"anchor": "return", "days": 3, "time": "10:00"}, "grace": {"days": 5}, "class": "marketing"}'
ANNIVERSARY='{"key": "anniversary", "title": "A year ago", "channel": "email",
	"at": {"anchor": "return", "days": 351, "time": "10:00"}, "unless": ["bought_again"],
	"grace": {"days": 3}, "class": "marketing"}'
BIRTHDAY='{"key": "birthday", "title": "Birthday", "series": "greeting", "greeting": "birthday",
	"channel": "email", "at": {"anchor": "day", "time": "10:00"}, "unless": ["travelling"],
	"grace": {"days": 1}, "class": "marketing", "priority": "greeting", "signed_by": "director"}'
NEW_YEAR='{"key": "new-year", "title": "New Year", "series": "greeting", "greeting": "new-year",
	"channel": "email", "at": {"anchor": "day", "time": "10:00"},
	"grace": {"days": 1}, "class": "marketing", "priority": "greeting"}'
