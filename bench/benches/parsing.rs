//! Reading what people type.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use routing::{Alias, Dialling, E164, RouteKind, RouteTarget};

fn numbers(c: &mut Criterion) {
    let mut group = c.benchmark_group("E164");
    let dialling = Dialling::of("US").expect("a country of the table");
    group.bench_function("plus and digits", |b| b.iter(|| E164::parse(black_box("+442079460018"))));
    group.bench_function("as typed", |b| b.iter(|| E164::parse(black_box("+44 (20) 7946-0018"))));
    group.bench_function("national form", |b| {
        b.iter(|| E164::parse_dialled(black_box("(206) 555-0100"), black_box(&dialling)))
    });
    group.bench_function("refused", |b| b.iter(|| E164::parse(black_box("+1 206 555 01O0"))));
    group.finish();
}

fn targets(c: &mut Criterion) {
    let dialling = Dialling::of("US").expect("a country of the table");
    let rows = [
        (RouteKind::Host, "name and port", "pbx.seattle.example.com:5061"),
        (RouteKind::Host, "IPv6 and TLS", "sips:[2001:db8::5]:5061"),
        (RouteKind::Host, "international name", "telefon.m\u{fc}nchen.example"),
        (RouteKind::Host, "refused", "alice@pbx.example.com"),
        (RouteKind::Uri, "user and host", "sip:sales@pbx.example.com"),
        (RouteKind::Uri, "escapes and parameters", "sips:front%20desk@pbx.example.com:5061;transport=tls;ob"),
        (RouteKind::Uri, "refused", "sip:sales:secret@pbx.example.com"),
    ];
    for (kind, name, text) in rows {
        let mut group = c.benchmark_group(if kind == RouteKind::Host { "Host" } else { "URI" });
        group.bench_function(name, |b| {
            b.iter(|| RouteTarget::parse(black_box(kind), black_box(text), black_box(&dialling)))
        });
        group.finish();
    }
}

fn aliases(c: &mut Criterion) {
    let mut group = c.benchmark_group("Alias");
    let (ascii, accents) = ("Front desk, Seattle", "Accueil du premier e\u{301}tage");
    group.bench_function("ASCII", |b| b.iter(|| Alias::parse(black_box(ascii))));
    group.bench_function("to be composed", |b| b.iter(|| Alias::parse(black_box(accents))));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(600))
        .sample_size(40)
        .nresamples(10_000);
    targets = numbers, targets, aliases
}
criterion_main!(benches);
