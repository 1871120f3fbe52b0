//! Why a text is neither a host nor a SIP URI: one list for both, since they share most of their grammar.

use super::refusal::refusals;

refusals! {
    /// Why a text is not a host, or not a SIP URI.
    AddressError {
        /// Nothing but white space.
        Empty => "address_empty", "The value is empty. Write a host such as pbx.example.com, or a URI such as sip:user@example.com.";
        /// More octets than a request line can carry.
        TooLong => "address_too_long", "The value is too long. Write at most 512 characters.";
        /// A control character or a line break.
        Control(at) => "control_character", "A control character or line break stands here. Write the value on one line, without it.";
        /// A character that nobody sees.
        Invisible(at) => "invisible_character", "An invisible character stands here, as often after copying. Write the value again by hand.";
        /// White space inside.
        Space(at) => "space", "There is a space inside the value. Write it without spaces.";
        /// `"Name" <sip:…>`.
        Brackets(at) => "name_and_brackets", "Names, quotes and angle brackets do not belong here. Write only what stands between < and >.";
        /// `http://` and other web addresses.
        WebAddress(at) => "web_address", "This is a web address. Write only the host, such as pbx.example.com, or a URI such as sip:user@example.com.";
        /// `sip://`.
        DoubleSlash(at) => "double_slash", "SIP addresses have no slashes after the colon. Write sip: and then the rest.";
        /// A host that is called as a scheme is, with a port.
        NamedLikeScheme(at) => "named_like_scheme", "A host called sip or sips cannot have a port: it would read as a scheme. Write its full name, such as sip.example.com:5060.";
        /// `mailto:`.
        MailAddress(at) => "mail_address", "This is a mail address. Write a SIP URI, such as sip:user@example.com.";
        /// `tel:`.
        TelUri(at) => "tel_uri", "tel: is not a SIP address. Choose the type Phone Number and write the number alone, as +12065550100.";
        /// A telephone number in place of a host.
        PhoneNumber(at) => "phone_number", "This looks like a telephone number. Choose the type Phone Number for it.";
        /// A scheme that is neither `sip` nor `sips`.
        UnknownScheme(at) => "unknown_scheme", "Only sip: and sips: are spoken here. Write sip:user@example.com.";
        /// A URI without its scheme.
        MissingScheme(at) => "missing_scheme", "The scheme is missing. Write sip: or sips: first, as sip:user@example.com.";
        /// A user part in a host.
        UserInHost(at) => "user_in_host", "A host has no user part. Choose the type URI to call a user, or write only what follows the @.";
        /// A URI without a user.
        MissingUser(at) => "missing_user", "A URI names a user. Write sip:user@example.com, or choose the type Host for the host alone.";
        /// `sip:@host`.
        EmptyUser(at) => "empty_user", "The user before the @ is empty. Write a name or number there, as sip:user@example.com.";
        /// A second `@`.
        SecondAt(at) => "second_at", "Only one @ may stand in a URI. Write %40 for one inside the user part.";
        /// A password after the user.
        Password(at) => "password", "A password does not belong in a URI: everyone on the way could read it. Write the user alone, and %3A for a colon in it.";
        /// A sign that a user part cannot hold.
        UserCharacter(at) => "user_character", "This sign cannot stand in the user part. Write it as % and two hexadecimal digits.";
        /// A `%` without two hexadecimal digits.
        Escape(at) => "bad_escape", "A % is followed by two hexadecimal digits. Write %25 for the percent sign itself.";
        /// An escaped control character.
        EscapedControl(at) => "escaped_control", "A control character is hidden behind this %. Write the value without it.";
        /// `?subject=…`.
        Headers(at) => "headers", "Headers do not belong in a route. Write the value without the ? and what follows it.";
        /// A path, query or fragment as on the web.
        Path(at) => "path", "A SIP address has no path. Write the value without the slash or # and what follows it.";

        /// No host where one is due.
        EmptyHost(at) => "empty_host", "The host is missing here. Write a name such as pbx.example.com, or an IP address.";
        /// Two dots in a row, or one at the beginning.
        EmptyLabel(at) => "empty_label", "A part of the name between two dots is empty. Write single dots only.";
        /// A label of more than 63 octets.
        LabelTooLong(at) => "label_too_long", "This part of the name is longer than 63 characters. Write a name that DNS can hold.";
        /// A name of more than 253 octets.
        NameTooLong(at) => "name_too_long", "The name is longer than 253 characters. Write a name that DNS can hold.";
        /// `_`.
        Underscore(at) => "underscore", "Host names have no underscore. Write the host itself; SRV records are looked up without your help.";
        /// A sign that a host name cannot hold.
        HostCharacter(at) => "host_character", "This sign cannot stand in a host. Write letters, digits, hyphens and dots only.";
        /// A hyphen at an end of a label.
        Hyphen(at) => "hyphen", "A part of a host name neither begins nor ends with a hyphen. Write it without that hyphen.";
        /// A name whose last label is a number, also `0x7f`.
        NumericName(at) => "numeric_name", "The last part of a host name cannot be a number: some would read an IP address. Write a name, or all four numbers of an address.";
        /// Not four numbers.
        Ipv4Parts(at) => "ipv4_parts", "An IPv4 address has four numbers. Write it as 192.0.2.10.";
        /// A number beyond 255.
        Ipv4Octet(at) => "ipv4_octet", "The numbers of an IPv4 address end at 255. Write it as 192.0.2.10.";
        /// `010`: some read it as octal.
        Ipv4LeadingZero(at) => "ipv4_leading_zero", "Some systems read a number with a leading zero as octal. Write it without that zero.";
        /// IPv6 without brackets.
        Ipv6Bare(at) => "ipv6_without_brackets", "An IPv6 address stands in brackets. Write it as [2001:db8::10], with a port as [2001:db8::10]:5060.";
        /// No `]`.
        BracketOpen(at) => "bracket_open", "This bracket is not closed. Write the address as [2001:db8::10].";
        /// What stands in brackets is no IPv6 address.
        Ipv6(at) => "ipv6", "This is not an IPv6 address (RFC 4291). Write it as [2001:db8::10].";
        /// `%eth0`.
        ZoneId(at) => "zone_id", "A zone such as %eth0 means something on one machine only. Write an address without it.";
        /// Something between `]` and the port.
        AfterBracket(at) => "after_bracket", "After the bracket only a port may follow. Write it as [2001:db8::10]:5060.";
        /// `host:`.
        PortMissing(at) => "port_missing", "The port is missing after the colon. Write a number from 1 to 65535, or leave the colon out.";
        /// Not a number from 1 to 65535.
        Port(at) => "port", "A port is a number from 1 to 65535. Write it as pbx.example.com:5060, or leave it out.";
        /// A name outside ASCII that breaks the rules of UTS #46.
        International(at) => "international_name", "This is not an international domain name (IDNA). Write the name as it is registered.";
        /// Letters of several scripts in one label.
        MixedScripts(at) => "mixed_scripts", "Letters of different scripts stand in one part of this name, as in forged names. Write it with one script.";
        /// The tables are not at hand: where the value is saved, they are.
        NeedsTables(at) => "needs_tables", "This name is not in plain ASCII letters: it will be checked when it is saved. Write its xn-- form to check it now.";

        /// `;` with nothing after it.
        EmptyParameter(at) => "empty_parameter", "A parameter is missing here. Write ;name or ;name=value, or leave the sign out.";
        /// A sign that a parameter cannot hold.
        ParameterCharacter(at) => "parameter_character", "This sign cannot stand in a parameter. Write it as % and two hexadecimal digits.";
        /// A parameter that a host does not have.
        UnknownParameter(at) => "unknown_parameter", "A host takes only ;transport=udp, tcp or tls. Choose the type URI for other parameters.";
        /// The same parameter twice.
        DuplicateParameter(at) => "duplicate_parameter", "This parameter stands here a second time. Write it once.";
        /// A transport that is not spoken here.
        Transport(at) => "transport", "The transport is udp, tcp or tls. Write ;transport=udp, ;transport=tcp or ;transport=tls.";
        /// `sips:` over UDP.
        SipsOverUdp(at) => "sips_over_udp", "sips: needs TLS, which does not run over UDP. Write sip: with ;transport=udp, or sips: without it.";
        /// `;method=`.
        Method(at) => "method", "A route is called with INVITE only. Write the URI without ;method=.";
        /// `;weight=`.
        Weight(at) => "weight", "A weight belongs to a number's assignment, not to the route. Write the value without ;weight= and set the weight there.";
        /// `;maddr=` that is no host.
        Maddr(at) => "maddr", "maddr= takes a host. Write it as ;maddr=192.0.2.10, or leave it out.";
        /// `;ttl=` that is not 0–255.
        Ttl(at) => "ttl", "ttl= takes a number from 0 to 255. Write it so, or leave it out.";
    }
}
