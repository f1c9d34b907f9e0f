using AiGateway.Application.Usage;

namespace AiGateway.Application.Tests.Usage;

public sealed class UsageCursorTests
{
    private const string Id = "0193a0000000700080000000000000aa";

    private static IEnumerable<DateTimeOffset> Instants =>
    [
        DateTimeOffset.UnixEpoch,
        Sample.Noon.AddMilliseconds(123),
        DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()),
    ];

    [TestCaseSource(nameof(Instants))]
    public void Cursor_WrittenAndRead_IsTheSame(DateTimeOffset createdAt)
    {
        var cursor = new UsageCursor(createdAt, Guid.ParseExact(Id, "N"));

        Assert.That(UsageCursor.TryParse(cursor.ToString(), out var read), Is.True);
        Assert.That(read, Is.EqualTo(cursor));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("-")]
    [TestCase("-" + Id)]
    [TestCase("1" + Id)]
    [TestCase("1-")]
    [TestCase("1-" + Id + "0")]
    [TestCase("1-0193a000-0000-7000-8000-0000000000aa")]
    [TestCase("-1-" + Id)]
    [TestCase("+1-" + Id)]
    [TestCase(" 1-" + Id)]
    [TestCase("1.5-" + Id)]
    [TestCase("1,000-" + Id)]
    [TestCase("0x1-" + Id)]
    [TestCase("\u0661-" + Id)]
    [TestCase("253402300800000-" + Id)]
    [TestCase("9223372036854775807-" + Id)]
    [TestCase("9223372036854775808-" + Id)]
    [TestCase("1-' OR 1=1; DROP TABLE usage_records;--")]
    [TestCase("\0-" + Id)]
    public void Cursor_WithInvalidText_IsRefused(string? text)
    {
        Assert.That(UsageCursor.TryParse(text, out var cursor), Is.False);
        Assert.That(cursor, Is.Null);
    }

    [Test]
    public void Cursor_OfAHundredThousandDigits_IsRefused()
    {
        Assert.That(UsageCursor.TryParse(new string('9', 100_000) + "-" + Id, out _), Is.False);
    }
}
