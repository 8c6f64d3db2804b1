#!/usr/bin/perl
# What SpamAssassin says of letters: for each file named on the command line a line "SCORE RULE,RULE…". Local rules
# only: no network, no Bayes, no settings of whoever runs it. All in one process, because reading the rules takes seconds.
# Serves test_letters.py. The folder for its own files is the first argument.
use strict;
use warnings;
use Mail::SpamAssassin;

my $folder = shift @ARGV;
# Which parts it has is said in files of the package, beside the settings of the machine, which are not asked.
my $parts = join '', map { open(my $f, '<', $_) or die "$_: $!\n"; <$f> } glob '/etc/spamassassin/*.pre';
my $assassin = Mail::SpamAssassin->new({
    rules_filename => '/usr/share/spamassassin',
    site_rules_filename => "$folder/none",
    userprefs_filename => "$folder/none",
    userstate_dir => $folder,
    home_dir_for_helpers => $folder,
    local_tests_only => 1,
    dont_copy_prefs => 1,
    pre_config_text => $parts,
    post_config_text => "use_bayes 0\nuse_auto_welcomelist 0\nskip_rbl_checks 1\ndns_available no\n",
});
for my $path (@ARGV) {
    open(my $file, '<:raw', $path) or die "$path: $!\n";
    my $bytes = do { local $/; <$file> };
    close($file);
    my $mail = $assassin->parse($bytes);
    my $status = $assassin->check($mail);
    printf "%.1f %s\n", $status->get_score(), $status->get_names_of_tests_hit();
    $status->finish();
    $mail->finish();
}
