#!/usr/bin/env bats
# What is known of a client: facts, marks, the card, and how letters and scripts use it.

load helpers

@test "fact: set, changed, listed, forgotten" {
	maria
	ok fact C1
	out 'nothing yet: pps fact C1 dog Рекс'
	ok fact C1 Собака Рекс
	out 'C1 собака: Рекс'
	ok fact C1 собака ' Бим '
	out 'C1 собака: Бим (it was: Рекс)'
	dump .before
	ok fact C1 СОБАКА Бим
	out 'C1 собака: Бим, as before'
	unchanged .before
	ok fact Иванова любимый-отель 'Риксос, вид на море'
	ok fact C1
	out <<-'E'
		любимый-отель: Риксос, вид на море
		собака: Бим
	E
	ok fact C1 Собака
	out 'собака: Бим'
	ok fact C1 --json
	json pps.fact/1 client C1 facts# 2 'facts[key=собака].value' Бим
	ok fact C1 собака Рекс --json
	json pps.fact/1 client C1 key собака value Рекс was Бим
	ok fact C1 собака --remove
	out 'C1 собака: forgotten (it was: Рекс)'
	fails 66 'C1 has no fact собака: pps fact C1 lists them' fact C1 собака
	fails 66 'C1 has no fact собака: pps fact C1 lists them' fact C1 собака --remove
	ok log C1
	grep -qE '^2026-12-01 14:00  anna  fact        C1 +собака removed$' .out
	no_line 'Бим|Рекс'
}

@test "fact: every slip" {
	maria
	dump .before
	fails 65 'key "любимый отель": letters, digits, _ and - only, in one word, such as dog or собака' \
		fact C1 'любимый отель' Риксос
	fails 65 'key "": letters, digits, _ and - only, in one word, such as dog or собака' fact C1 '' x
	fails 65 'key "a.b": letters, digits, _ and - only, in one word, such as dog or собака' fact C1 a.b
	fails 65 'key is too long: at most 40 characters' fact C1 "$(printf 'я%.0s' {1..41})" x
	fails 65 'value: it is empty; --remove takes the fact away' fact C1 dog ' '
	fails 65 'value contains a control character (U+000A): type it again by hand' fact C1 dog $'a\nb'
	fails 65 'value is too long: at most 200 characters' fact C1 dog "$(printf 'я%.0s' {1..201})"
	fails 64 'usage: pps fact CLIENT KEY --remove' fact C1 --remove
	fails 64 'usage: pps fact CLIENT KEY --remove' fact C1 dog Рекс --remove
	fails 64 '"Бим" is one word too many: pps fact CLIENT [KEY [VALUE]] [--remove]' fact C1 dog Рекс Бим
	fails 66 'no client fits "Петров": look for them with pps find' fact Петров dog Рекс
	unchanged .before
}

@test "mark: set, listed, taken away" {
	maria
	ok mark C1
	out 'C1 marks: none'
	ok mark C1 loyal
	out 'C1 marks: loyal'
	ok mark Иванова promising
	out 'C1 marks: promising, loyal'
	dump .before
	ok mark C1 loyal
	out 'C1 marks: promising, loyal, as before'
	unchanged .before
	ok mark C1 loyal --remove --json
	json pps.mark/1 client C1 marks* promising
	ok mark C1 profitable --remove
	out 'C1 marks: promising, as before'
	fails 64 'mark "loyl": it is promising, profitable or loyal' mark C1 loyl
	fails 64 'usage: pps mark CLIENT promising|profitable|loyal --remove' mark C1 --remove
	ok log C1
	grep -qE '^2026-12-01 14:00  anna  mark        C1 +loyal removed$' .out
}

@test "show: marks, facts, trips and things, in this order" {
	maria --note 'тёща летит тоже'
	ok mark C1 loyal
	ok fact C1 собака Рекс
	ok fact C1 hotel Rixos
	ok gift add T1 --kind album --title Анталья
	ok gift add T1 --kind card --title 'Карта 17'
	ok gift add T1 --kind gift --title Чай
	ok gift ready G1
	answers 0 gift hand G2
	ok gift drop G3
	ok show C1
	out <<-'E'
		C1 Мария Иванова, +7 903 123-45-67, maria@example.com
		  note: тёща летит тоже
		  marks: loyal
		  to remember:
		    hotel: Rixos
		    собака: Рекс
		T1 Анталья, 10.12.2026 06:40 - 20.12.2026
		G1 album "Анталья", ready since 01.12.2026
		G2 card "Карта 17", handed over 01.12.2026
		pps timeline TRIP shows what is planned and what was done
	E
	ok show C1 --json
	json pps.show/1 marks* loyal facts# 2 'facts[key=hotel].value' Rixos things# 3 'things[id=G1].owner' anna \
		'things[id=G3].dropped' 2026-12-01T14:00:00+03:00 trips# 1
}

@test "a letter that needs a fact is held, red, and goes when the fact is known" {
	maria
	mkdir -p templates/letters/ru
	printf 'Subject: Спасибо!\n\n{{client.name}}, привет от нас {{fact.собака}}.%s\n' \
		'{{#fact.кошка}} И {{fact.кошка}}.{{/fact.кошка}}{{#mark.loyal}} Вы с нами давно.{{/mark.loyal}}' \
		>templates/letters/ru/thank-you.md
	ok tick
	[ "$(sent '2*')" -eq 0 ]
	ok report --overdue
	grep -q '"fact.собака" is empty here' .out
	ok fact C1 Собака '*Рекс*'
	ok mark C1 loyal
	ok tick
	[ "$(sent '2*thank-you.eml')" -eq 1 ]
	letter outbox/2*thank-you.eml | grep -q '^Мария Иванова, привет от нас \*Рекс\*\. Вы с нами давно\.'
	ok doctor
	grep -q '^note   templates     1 warning: pps lint' .out # it may be empty, as here
}

@test "a message that waits for another try takes up a fact that is learned meanwhile" {
	mkdir -p templates/letters/ru
	printf 'Subject: Спасибо!\n\nПривет{{#fact.собака}}, {{fact.собака}}{{/fact.собака}}!\n' \
		>templates/letters/ru/thank-you.md
	cp pps.json away.json
	no_mail_server
	maria
	answers 69 tick
	[ "$(sql 'SELECT count(*) FROM message')" -eq 1 ]
	ok fact C1 собака Рекс
	[ "$(sql 'SELECT count(*) FROM message')" -eq 0 ]
	mv away.json pps.json
	at '2026-12-01 16:00'
	ok adopt
	ok tick
	letter outbox/2*thank-you.eml | grep -q '^Привет, Рекс!'
}

# ---- scripts branch on what is known ----

# answer NPS: what the client told us about T1.
answer() {
	sql "INSERT INTO occasion (client_id, kind, answered, about_id, playbook_version, created_at)
			VALUES (1, 'feedback', '2026-12-21 10:00', 1, 1, 1);
		INSERT INTO feedback (occasion_id, nps, source) VALUES (last_insert_rowid(), $1, 'phone')"
}

complaint() {
	sql "INSERT INTO occasion (client_id, kind, title, opened, about_id, playbook_version, created_at)
		VALUES (1, 'complaint', 'отель', '2026-12-21 10:00', 1, 1, 1)"
}

# call, visit: the script of the call and of the visit; both must say the line, or must not.
call() {
	ok script T1/office-call
}
visit() {
	ok script T1/office-visit
}

@test "office-call: a first trip of which nothing more is known" {
	maria
	at '2026-12-22 12:00'
	call
	out <<-'E'
		Мария Иванова, +7 903 123-45-67
		Поездка: Анталья
		Первая поездка с нами.

		«Здравствуйте, Мария! Это Анна Петрова, Тёплые страны.
		С возвращением! Удобно сейчас говорить? Как вы съездили?» Выслушайте, не перебивая.

		«Хотим позвать вас в гости на полчаса, послушать о поездке.
		Для вас есть подарок и карта постоянного клиента.
		Когда вам удобно: на этой неделе или на следующей?»

		Если придут — назначьте день и час, назовите адрес.
		Если прийти не могут — «Тогда можно пару вопросов прямо сейчас?»
		  — Что понравилось больше всего? Что было не так?
		  — Посоветуете ли вы нас знакомым, от 0 до 10?
		  — Что нам сделать, чтобы в следующий раз вы поставили пять с плюсом?
		  Расскажите о программе: перед следующей поездкой спросите, что мы можем
		  предложить именно вам, и мы ответим прямо.
		  Договоритесь, как передать подарок и карту.
		  Только если довольны — «Кому из знакомых мы могли бы помочь с поездкой?»
		Если недовольны — не зовите и не просите ни о чём. Извинитесь, запишите, что
		  случилось, и скажите, кто и когда даст ответ.
		Если сейчас неудобно — спросите, когда перезвонить.

		tick it off: pps done A8   (nobody there: pps done … --outcome no-answer)
		a visit was agreed: pps done A8 --visit "DATE HOUR"
		all was talked over by phone instead: pps done A8 --by-phone
	E
}

@test "office-call: things, facts, a later trip" {
	ok add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --departure 05.12.2026 --return 08.12.2026
	ok add-trip C1 --departure 10.12.2026 --return 20.12.2026
	ok fact C1 собака Рекс
	ok gift add T2 --kind album --title 'Анталья, 24 снимка'
	ok gift add T2 --kind gift --title Чай
	ok gift add T2 --kind card --title 'Карта 17'
	ok gift ready G1
	answers 0 gift hand G3
	at '2026-12-22 12:00'
	ok script T2/office-call
	line 'С нами уже не впервые, поездка 2-я.'
	line 'Помним: собака — Рекс'
	line 'Альбом готов: Анталья, 24 снимка'
	line 'Подарок ещё не готов: Чай'
	line 'Для вас есть подарок.'
	line 'И ваш альбом уже готов!'
	line '  Карта у них уже есть. Договоритесь, как передать подарок.'
	no_line 'Первая|Вас ждёт карта|подарок и карт'
	ok edit-client C1 --lang en --salutation Maria
	ok script T2/office-call
	line 'Not their first trip with us: number 2.'
	line 'Remember: собака: Рекс'
	line 'The album is ready: Анталья, 24 снимка'
	line 'And your album is ready!'
	line '  They have their card already. Agree how to get the present to them.'
	no_line 'first trip with us\.$|Your loyalty card is waiting'
	ok gift add T2 --kind card --title 'Карта 18, взамен'
	ok script T2/office-call
	line 'Your loyalty card is waiting for you.'
	line '  Agree how to get the present and the card to them.'
	no_line 'They have their card already'
}

@test "office-call and office-visit: pictures without an album yet" {
	maria
	ok gift add T1 --kind photo --title 'с пляжа'
	at '2026-12-22 12:00'
	call
	line 'Прислали снимки, альбома пока нет: с пляжа'
	ok gift add T1 --kind album --title Анталья
	call
	no_line 'альбома пока нет'
	line 'А из ваших снимков мы делаем альбом.'
	ok done T1/office-call --visit '23.12.2026 15:00'
	visit
	line 'Ещё не готов альбом: Анталья'
	line '2. Скажите, когда будет готов альбом, и попросите пока показать любимый кадр.'
	ok gift ready G2
	visit
	line '- альбом: Анталья'
	line '2. Листайте альбом вместе, рассказ начнётся сам.'
	no_line 'Ещё не готов'
}

@test "office-call and office-visit: somebody who would recommend us is asked to" {
	maria
	at '2026-12-22 12:00'
	answer 10
	call
	line '«Спасибо за вашу оценку, вы нас очень порадовали!»'
	line '  «Кому из знакомых мы могли бы помочь с поездкой?» Они ставят нам высокие'
	no_line 'от 0 до 10|Только если довольны'
	ok done T1/office-call --visit '23.12.2026 15:00'
	visit
	line 'Если рассказ затянулся — «Хочется дослушать! Дорасскажете в следующий раз?» —'
	line '3. Спросите и запишите: что удалось и что подвело. Оценку они уже поставили.'
	line '4. «Просьба вот какая: кому из ваших знакомых мы могли бы помочь с поездкой?»'
	no_line 'Если довольны'
	ok edit-client C1 --lang en --salutation Maria
	visit
	line '4. "What I wanted to ask: is anyone you know planning a trip that we could help'
	line '   with?" They gave us top marks, so do ask. Write down the name and how to'
	no_line 'If they were'
}

@test "office-call and office-visit: somebody unhappy is asked for nothing, and so is who complained" {
	maria
	at '2026-12-22 12:00'
	ok done T1/office-call --visit '23.12.2026 15:00'
	answer 3
	call
	line 'Поездкой недовольны, так нам ответили: не зовите и ни о чём не просите.'
	no_line 'знакомы|гости на полчаса'
	visit
	line 'Поездкой недовольны, так нам ответили: сначала выслушайте.'
	no_line 'знакомы|рассказ затянулся'
	complaint
	call
	line 'Жалоба ещё не закрыта: не зовите в гости и ни о чём не просите.'
	no_line 'недовольны|знакомы|гости на полчаса'
	visit
	line 'Жалоба ещё не закрыта: сначала о ней, и ни о чём не просите.'
	no_line 'недовольны|знакомы'
	ok edit-client C1 --lang en --salutation Maria
	call
	line 'Their complaint is still open: do not invite them and ask for nothing.'
	no_line 'recommend|anyone you know'
	sql "UPDATE occasion SET resolved = '2026-12-22 11:00' WHERE kind = 'complaint'"
	call
	line 'They told us they were unhappy: do not invite them and ask for nothing.'
	no_line 'complaint|anyone you know'
}
