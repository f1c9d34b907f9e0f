using System.Text;
using AiGateway.Infrastructure.Providers.Http;

namespace AiGateway.Infrastructure.Tests.Providers.Http;

/// <summary>Any legal framing of the same events, in any pieces, yields the same events.</summary>
[TestFixture]
internal sealed class SseReaderTests
{
    private const int MaxEventBytes = 4_096;
    private const int Cases = 400;

    private static readonly string[] LineEnds = ["\n", "\r\n", "\r"];
    private static readonly string[] Fillers = [": ping", ":", "retry: 3000", "id: 7", "unknown: x", "data-x: y", "nothing"];
    private static readonly string[] Payloads =
        ["""{"a":"x: y"}""", """{"choices":[{"delta":{"content":"ä😀 {["}}]}""", "[DONE]", "null", "text", "", " leading", """{"t":"\"}"}"""];

    [Test]
    public async Task Events_InAnyFramingAndPieces_AreTheSame()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var (text, expected) = Frame(random);

            var read = await ReadAsync(Encoding.UTF8.GetBytes(text), random);

            Assert.That(read, Is.EqualTo(expected), $"seed {seed}: {text}");
        }
    }

    [Test]
    public async Task Json_SpreadOverLines_IsOneEvent()
    {
        var json = """{"a":[{"b":"x }{ \" y"},{"c":{}}],"d":1}""";
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);

            // A line feed within a JSON string would be invalid. No two line feeds are inserted at one place.
            int[] places = [5, 6, 21, 22, 33, 34];
            var parts = places.Where(_ => random.Next(2) == 0).Aggregate(
                (Text: json, Shift: 0), (made, place) => (made.Text.Insert(place + made.Shift, "\ndata: "), made.Shift + 7));

            var read = await ReadAsync(Encoding.UTF8.GetBytes($"event: e\ndata: {parts.Text}\n\n"), random);

            Assert.That(read.Select(each => each.Replace("\n", "", StringComparison.Ordinal)), Is.EqualTo([$"e|{json}"]), parts.Text);
        }
    }

    [TestCase("data: {\"a\":1}\ndata: {\"b\":2}\n\n", "|{\"a\":1}", "|{\"b\":2}")]
    [TestCase("data: {\"a\":1}\ndata: {\"b\":2}\ndata: [DONE]\n\n", "|{\"a\":1}", "|{\"b\":2}", "|[DONE]")]
    [TestCase("event: x\ndata: {\"a\":1}\nevent: y\ndata: {\"b\":2}\n\n", "x|{\"a\":1}", "y|{\"b\":2}")]
    [TestCase("data: null\ndata: {\"b\":2}\n\n", "|null", "|{\"b\":2}")]
    [TestCase("data: {\"a\":1}\nevent: late\n\n", "late|{\"a\":1}")]
    public async Task Events_SeparatedByOneLineEndOnly_AreSeveral(string text, params string[] expected) =>
        Assert.That(await ReadAsync(Encoding.UTF8.GetBytes(text), new Random(1)), Is.EqualTo(expected));

    [TestCase("data: {\"a\":1}\n\ndata: [DONE]", "|{\"a\":1}", "|[DONE]")]
    [TestCase("data: {\"a\":1}\n", "|{\"a\":1}")]
    [TestCase("data: {\"a\":1", new string[0])]
    [TestCase("data: {\"a\":\"}", new string[0])]
    [TestCase("event: x\n", new string[0])]
    [TestCase("", new string[0])]
    public async Task Body_WithoutABlankLineAtItsEnd_YieldsItsLastEventIfComplete(string text, params string[] expected) =>
        Assert.That(await ReadAsync(Encoding.UTF8.GetBytes(text), new Random(1)), Is.EqualTo(expected));

    [TestCase(": ping\n\n", 2)]
    [TestCase("\n", 1)]
    [TestCase("event: ping\n\n", 1)]
    public async Task Comment_BetweenEvents_IsReportedAsNoData(string text, int signs)
    {
        var reader = new SseReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), MaxEventBytes);

        for (var i = 0; i < signs; i++) Assert.That(await reader.ReadAsync(CancellationToken.None), Is.EqualTo(SseRead.NoData));

        Assert.That(await reader.ReadAsync(CancellationToken.None), Is.EqualTo(SseRead.End));
    }

    [Test]
    public async Task Event_ThatEndsInALoneCarriageReturn_IsReadAtOnce()
    {
        // The stream sends no further byte.
        var reader = new SseReader(new Pieces(["data: a\r\r"u8.ToArray()], isEndless: true), MaxEventBytes);

        Assert.That(await reader.ReadAsync(CancellationToken.None), Is.EqualTo(SseRead.Event));
    }

    [TestCase("data: ")]
    [TestCase(": ")]
    public void Line_ThatIsTooLong_IsRefused(string begin)
    {
        var reader = new SseReader(new MemoryStream(Encoding.UTF8.GetBytes(begin + new string('x', 3 * MaxEventBytes))), MaxEventBytes);

        Assert.That(async () => await reader.ReadAsync(CancellationToken.None), Throws.InstanceOf<IOException>());
        Assert.That(reader.IsTooLarge, Is.True);
    }

    [Test]
    public void Event_OfTooManyLines_IsRefused()
    {
        var text = string.Concat(Enumerable.Repeat("data: xxxxxxxxxxxxxxxx\n", MaxEventBytes / 16));
        var reader = new SseReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), MaxEventBytes);

        Assert.That(async () => await reader.ReadAsync(CancellationToken.None), Throws.InstanceOf<IOException>());
        Assert.That(reader.IsTooLarge, Is.True);
    }

    [TestCase("{\"a\":1}", true)]
    [TestCase("\uFEFF \r\n [{}]", true)]
    [TestCase("data: {}", false)]
    [TestCase(": ping\n\n", false)]
    [TestCase("<html>", false)]
    [TestCase("", false)]
    public async Task Body_WhenItIsJson_IsRecognisedAndCanBeReadWhole(string text, bool isJson)
    {
        var reader = new SseReader(new Pieces([.. Encoding.UTF8.GetBytes(text).Select(each => new[] { each })]), MaxEventBytes);

        Assert.That(await reader.IsJsonAsync(CancellationToken.None), Is.EqualTo(isJson));
        if (!isJson) return;
        var all = await reader.ReadAllAsync(100_000, CancellationToken.None);
        Assert.That(Encoding.UTF8.GetString(all!.Value.Span), Is.EqualTo(text.TrimStart('\uFEFF')));
    }

    [Test]
    public async Task Body_ThatIsJsonAndTooLarge_IsNotRead()
    {
        var reader = new SseReader(new MemoryStream(Encoding.UTF8.GetBytes("{" + new string(' ', 50_000))), MaxEventBytes);
        await reader.IsJsonAsync(CancellationToken.None);

        Assert.That(await reader.ReadAllAsync(20_000, CancellationToken.None), Is.Null);
    }

    private static (string Text, List<string> Events) Frame(Random random)
    {
        var end = LineEnds[random.Next(3)];
        var text = new StringBuilder(random.Next(3) == 0 ? "\uFEFF" : "");
        var events = new List<string>();
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var payload = Payloads[random.Next(Payloads.Length)];
            var type = random.Next(3) == 0 ? "event.name" : null;
            var space = payload.StartsWith(' ') || random.Next(2) == 0 ? " " : "";
            var lines = new List<string> { $"data:{space}{payload}" };
            if (type is not null) lines.Insert(random.Next(2), random.Next(2) == 0 ? $"event: {type}" : $"event:{type}");
            for (var j = random.Next(3); j > 0; j--) lines.Insert(random.Next(lines.Count + 1), Fillers[random.Next(Fillers.Length)]);
            foreach (var line in lines) text.Append(line).Append(end);
            text.Append(end);
            for (var j = random.Next(3); j > 0; j--) text.Append(random.Next(2) == 0 ? $": ping{end}{end}" : end);
            events.Add($"{type}|{payload}");
        }

        return (text.ToString(), events);
    }

    private static async Task<List<string>> ReadAsync(byte[] bytes, Random random)
    {
        var pieces = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(4) == 0 ? bytes.Length : random.Next(1, 9), bytes.Length - at);
            pieces.Add(bytes[at..(at + length)]);
            at += length;
        }

        var reader = new SseReader(new Pieces(pieces), MaxEventBytes);
        var events = new List<string>();
        while (await reader.ReadAsync(CancellationToken.None) is var read && read != SseRead.End)
        {
            if (read == SseRead.Event) events.Add($"{reader.EventType}|{Encoding.UTF8.GetString(reader.Data.Span)}");
        }

        return events;
    }

    /// <summary>Returns one piece for each read.</summary>
    private sealed class Pieces(IReadOnlyList<byte[]> pieces, bool isEndless = false) : MemoryStream
    {
        private int _next;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_next == pieces.Count)
            {
                if (isEndless) throw new InvalidOperationException("It was read on.");
                return 0;
            }

            await Task.Yield();
            var piece = pieces[_next++];
            piece.CopyTo(buffer);
            return piece.Length;
        }
    }
}
