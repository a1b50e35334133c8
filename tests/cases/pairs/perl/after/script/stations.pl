#!/usr/bin/perl
use strict;
use warnings;

package Station;

sub new {
	my ($class, %args) = @_;
	my $self = { name => $args{name}, values => [] };
	return bless $self, $class;
}

sub add {
	my ($self, $value) = @_;
	push @{$self->{values}}, $value;
	return scalar @{$self->{values}};
}

sub mean {
	my ($self) = @_;
	my $sum = 0;
	return 0 unless @{$self->{values}};
	$sum += $_ for @{$self->{values}};
	return $sum / @{$self->{values}};
}

sub report {
	my ($self) = @_;
	return sprintf("%s -- \"%.1f\" <%d values>", $self->{name},
	    $self->mean, scalar @{$self->{values}});
}

package main;

my %stations;

while (my $line = <>) {
	chomp $line;
	next if $line =~ /^\s*(#|$)/;
	my ($name, $value) = split /;/, $line, 2;
	$stations{$name} = Station->new(name => $name)
	    unless exists $stations{$name};
	$stations{$name}->add($value);
}

foreach my $name (sort keys %stations) {
	print $stations{$name}->report, "\n";
}
