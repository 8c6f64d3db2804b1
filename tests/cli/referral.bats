#!/usr/bin/env bats
# Who brought whom, what is owed for it, and both cards.

load helpers

# two: C1 Мария Иванова and C2 Иван Котов.
two() {
	maria
	ok add-client --name 'Иван Котов' --email ivan@example.com --departure 20.12.2026 --return 30.12.2026
}

@test "recorded by hand, shown on both cards, owed until it was given" {
	two
	ok referral add Иванова C2 --reward 'скидка 5 %'
	out 'R1 C1 Мария Иванова brought C2 Иван Котов: скидка 5 %, still to be given'
	ok show C1
	line '  brought C2 Иван Котов (R1): скидка 5 %, still to be given'
	ok show C2
	line '  brought by C1 Мария Иванова (R1)'
	ok show C2 --json
	json pps.show/1 brought_by.id R1 brought_by.by C1 brought_by.by_name 'Мария Иванова' brought_by.rewarded null brought# 0
	ok show C1 --json
	json pps.show/1 brought_by null brought# 1 'brought[0].client' C2 'brought[0].reward' 'скидка 5 %'
	at '2026-12-24 12:00'
	ok referral reward R1
	out 'R1 C1 Мария Иванова brought C2 Иван Котов: скидка 5 %, given 24.12.2026'
	ok show C1
	line '  brought C2 Иван Котов (R1): скидка 5 %, given 24.12.2026'
	fails 77 'the reward of R1 was given on 24.12.2026 by anna (pps undo R1)' referral reward R1
}

@test "with the sale, in one transaction; plain undo does not take it for the last work" {
	maria
	fails 66 'referred-by: no client fits "Сидоров": look for them with pps find' \
		add-client --name 'Иван Котов' --email ivan@example.com --departure 20.12.2026 --return 30.12.2026 --referred-by Сидоров
	[ "$(sql 'SELECT count(*) FROM client')" -eq 1 ]
	ok add-client --name 'Иван Котов' --email ivan@example.com --departure 20.12.2026 --return 30.12.2026 --referred-by Иванова
	line '  brought by C1 Мария Иванова (R1)'
	fails 77 'your last work was add-client of T2, which undo does not take back: pps cancel-trip T2 ends it, pps edit-trip T2 changes it' undo
	ok referral reward Котов --note 'альбом'
	out 'R1 C1 Мария Иванова brought C2 Иван Котов: альбом, given 01.12.2026'
}

@test "undo: first the reward, then that they were brought; the number is not used again" {
	two
	ok referral add C1 C2
	out 'R1 C1 Мария Иванова brought C2 Иван Котов: the reward is not agreed yet'
	ok referral reward R1 --note 'альбом'
	ok undo R1
	out 'R1: C1 Мария Иванова is still to get the reward'
	ok referral list --open --json
	json pps.referral/1 referrals# 1 'referrals[0].reward' null 'referrals[0].rewarded' null
	ok undo
	out 'R1 is taken back: C2 Иван Котов was not brought by C1 Мария Иванова'
	ok show C2
	no_line 'brought'
	fails 66 'there is no referral R1: pps referral list shows all' undo R1
	fails 66 'there is no referral R1: pps referral list shows all' referral reward R1
	ok referral add C2 C1 --json
	json pps.referral/1 referral.id R2 referral.by C2 referral.client C1 referral.at 2026-12-01T14:00:00+03:00
	ok log C1
	line '2026-12-01 14:00  anna  referral-add     C1             R2'
}

@test "undo leaves a reward that was agreed before" {
	two
	ok referral add C1 C2 --reward 'скидка 5 %'
	ok referral reward R1 --note 'в кассе'
	ok undo R1
	ok show C1
	line '  brought C2 Иван Котов (R1): скидка 5 %, still to be given'
}

@test "nobody brings themselves, is brought twice, or by whom they brought" {
	two
	ok add-client --name 'Ева Белова' --email eva@example.com --departure 20.12.2026 --return 30.12.2026
	ok referral add C1 C2
	dump .before
	fails 77 'nobody brings themselves: C1 is both' referral add C1 Иванова
	fails 77 'C2 was brought by C1 Мария Иванова already: pps undo R1 takes that back' referral add C3 C2
	fails 77 'C1 brought C2 (R1): they cannot have brought each other' referral add C2 C1
	fails 66 'no client fits "Сидоров": look for them with pps find' referral add Сидоров C1
	fails 66 'nobody is known to have brought C3: pps referral add BY C3' referral reward C3
	unchanged .before
}

@test "the list, all and open" {
	two
	ok referral list
	out 'nobody yet: pps referral add BY NEW, or pps add-client --referred-by'
	ok add-client --name 'Ева Белова' --email eva@example.com --departure 20.12.2026 --return 30.12.2026 --referred-by C1
	ok referral add C1 C2 --reward 'скидка 5 %'
	ok referral reward R2
	ok referral list
	out <<-'E'
		id  since       client  who brought    client  who came    reward          given
		R1  01.12.2026  C1      Мария Иванова  C3      Ева Белова  not agreed yet
		R2  01.12.2026  C1      Мария Иванова  C2      Иван Котов  скидка 5 %      01.12.2026
	E
	ok referral list --open
	no_line '^R2'
	ok referral reward R1
	ok referral list # what it was nobody has said, and it was given
	line 'R1  01.12.2026  C1      Мария Иванова  C3      Ева Белова              01.12.2026'
	ok referral list --open
	out 'no reward is owed'
}

@test "words that do not fit" {
	two
	fails 64 'pps referral "ad": did you mean add?' referral ad C1 C2
	fails 64 'pps referral "xyzzy": it is add, reward or list' referral xyzzy
	fails 64 'usage: pps referral add BY NEW [--reward WORDS]: who brought, then who came' referral add C1
	fails 64 'usage: pps referral reward R5 [--note WORDS]' referral reward
	fails 64 'usage: pps referral list [--open]' referral list C1
	fails 64 '--note belongs to pps referral reward' referral add C1 C2 --note x
	fails 64 '--open belongs to pps referral list' referral reward R1 --open
}
