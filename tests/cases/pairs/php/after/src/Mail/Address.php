<?php

namespace App\Mail;

class Address
{
    private $local;
    private $domain;

    public function __construct(string $local, string $domain)
    {
        $this->local = $local;
        $this->domain = strtolower($domain);
    }

    public static function parse(string $text): ?self
    {
        $parts = explode('@', trim($text));
        if (count($parts) !== 2 || $parts[0] === '' || $parts[1] === '') {
            return null;
        }
        return new self($parts[0], $parts[1]);
    }

    public function domain(): string
    {
        return $this->domain;
    }

    public function equals(Address $other): bool
    {
        return $this->local === $other->local
            && $this->domain === $other->domain;
    }

    public function toHtml(): string
    {
        $address = htmlspecialchars($this->local . '@' . $this->domain);
        return '<a href="mailto:' . $address . '">' . $address . '</a>';
    }

    public function __toString(): string
    {
        return "<" . $this->local . "@" . $this->domain . ">";
    }
}
