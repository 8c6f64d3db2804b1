# What the tests of feedback and complaints share: `load heard` after `load helpers`.

# listening: an agency with a small playbook of its own: two letters after a trip, and everything that answers and complaints
# bring with them. Then Maria's trip, from 10 to 20 December: T1 with A1 to A3; it is the day after her return.
listening() {
	mkdir -p templates
	cat >templates/playbook.json <<-'E'
		{"name": "listening", "steps": [
		  {"key": "welcome-home", "title": "Welcome home", "channel": "email", "at": {"anchor": "return", "days": 1,
		   "time": "18:00"}, "grace": {"days": 5}},
		  {"key": "loyalty", "title": "Loyalty", "channel": "email", "at": {"anchor": "return", "days": 3, "time": "10:00"},
		   "grace": {"days": 5}, "class": "marketing", "unless": ["unhappy"]},
		  {"key": "tell-friends", "title": "Tell friends", "channel": "email", "at": {"anchor": "return", "days": 7,
		   "time": "10:00"}, "grace": {"days": 5}, "class": "marketing", "only_if": ["promoter"]},
		  {"key": "feedback-thanks", "title": "Thanks", "series": "feedback", "channel": "email", "otherwise": ["sms"],
		   "at": {"anchor": "answered"}, "not_after": {"anchor": "answered", "days": 14}, "grace": {"days": 5},
		   "if_late": "send_now", "signed_by": "director", "priority": "survey"},
		  {"key": "unhappy-call", "title": "Not happy: call", "series": "feedback", "channel": "call",
		   "at": {"anchor": "answered"}, "not_after": {"anchor": "answered", "days": 14}, "only_if": ["unhappy"],
		   "working_day": "later", "if_late": "send_now"},
		  {"key": "complaint-thanks", "title": "Thanks", "series": "complaint", "channel": "email", "otherwise": ["sms"],
		   "at": {"anchor": "opened"}, "grace": {"days": 3}, "if_late": "send_now", "signed_by": "director"},
		  {"key": "complaint-assign", "title": "Who takes care?", "series": "complaint", "channel": "task",
		   "at": {"anchor": "opened"}, "unless": ["assigned", "solved"], "if_late": "send_now"},
		  {"key": "complaint-promise", "title": "Promise a day", "series": "complaint", "channel": "task",
		   "at": {"anchor": "opened", "days": 1, "time": "12:00"}, "unless": ["promised", "solved"], "if_late": "send_now"},
		  {"key": "complaint-due", "title": "To be solved", "series": "complaint", "channel": "task",
		   "at": {"anchor": "promised", "time": "10:00"}, "unless": ["solved"], "if_moved": "again", "if_late": "send_now"},
		  {"key": "complaint-solved", "title": "It is solved", "series": "complaint", "channel": "email",
		   "otherwise": ["sms"], "at": {"anchor": "resolved"}, "if_moved": "again", "grace": {"days": 5},
		   "if_late": "send_now", "signed_by": "director"},
		  {"key": "complaint-check", "title": "Solved? Call", "series": "complaint", "channel": "call",
		   "at": {"anchor": "resolved", "days": 7, "time": "11:00"}, "if_moved": "again", "working_day": "later",
		   "if_late": "send_now"}
		]}
	E
	maria
	at '2026-12-21 15:00'
}

# piotr: another client with a trip that is over, T2 with A4 to A6.
piotr() {
	ok add-client --name 'Пётр Соколов' --phone '8 916 222-33-44' --email petr@example.com --purchase 2026-12-01 \
		--departure 2026-12-10 --return 2026-12-20 --destination Хургада --manager boris
}
