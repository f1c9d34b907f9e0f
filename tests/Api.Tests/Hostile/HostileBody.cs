using System.IO.Compression;

namespace AiGateway.Api.Tests.Hostile;

/// <summary>A body that no endpoint accepts.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Bytes">The body.</param>
/// <param name="ContentType">The content type that is sent; null for none.</param>
/// <param name="Encoding">The content encoding that is sent; null for none.</param>
/// <param name="Status">The status that the reply must have.</param>
internal sealed record HostileBody(string Name, byte[] Bytes, string? ContentType = "application/json", string? Encoding = null, int Status = 400)
{
    private const int TooManyBytes = 33 * 1024 * 1024;

    public static IEnumerable<HostileBody> All()
    {
        yield return Json("empty", "");
        yield return Json("white space", "  \n ");
        yield return Json("null", "null");
        yield return Json("array", "[]");
        yield return Json("string", "\"prompt\"");
        yield return Json("number", "1");
        yield return Json("truncated", """{"prompt":"H""");
        yield return Json("two values", "{}{}");
        yield return Json("comment", """{/* no */"prompt":"Hi"}""");
        yield return Json("trailing comma", """{"prompt":"Hi",}""");
        yield return Json("single quotes", "{'prompt':'Hi'}");
        yield return Json("NaN", """{"prompt":NaN}""");
        yield return Json("raw NUL", "{\"prompt\":\"a\0b\"}");
        yield return Json("raw line break in a string", "{\"prompt\":\"a\nb\"}");
        yield return Json("NUL before", "\0{}");
        yield return Json("10,000 objects deep", string.Concat(Enumerable.Repeat("{\"prompt\":", 10_000)) + "1" + new string('}', 10_000));
        yield return Json("10,000 arrays deep", "{\"messages\":" + new string('[', 10_000) + new string(']', 10_000) + "}");
        yield return Json("100,000 arrays that never end", "{\"messages\":" + new string('[', 100_000));
        yield return Json("half a character in a name", """{"\ud800\ud800\ud800\ud800\ud800\ud800":1}""");
        yield return Json("the same member twice", """{"model":"a","model":"b","name":"a","name":"b","dailyRequests":1,"dailyRequests":2}""");
        yield return new("invalid UTF-8", [.. "{\"prompt\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        yield return new("overlong UTF-8", [.. "{\"prompt\":\""u8, 0xC0, 0x80, .. "\"}"u8]);
        yield return new("UTF-16 that calls itself UTF-8", System.Text.Encoding.Unicode.GetBytes("{\"prompt\":\"Hi\"}"));
        yield return new("random bytes", [.. Enumerable.Range(0, 4_096).Select(i => (byte)(i * 7919 >> 3))]);
        yield return new("gzip without saying so", GZip("""{"prompt":"Hi"}"""));
        yield return new("plain JSON that calls itself gzip", "{}"u8.ToArray(), Encoding: "gzip");
        yield return new("gzip of no JSON", GZip("""{"prompt":"""), Encoding: "gzip");
        yield return new("two encodings", GZip("""{"prompt":"Hi"}"""), Encoding: "gzip, gzip", Status: 415);
        yield return new("unknown encoding", "{}"u8.ToArray(), Encoding: "zip-bomb", Status: 415);
        yield return new("plain text", "{}"u8.ToArray(), "text/plain", Status: 415);
        yield return new("form", "prompt=Hi"u8.ToArray(), "application/x-www-form-urlencoded", Status: 415);
        yield return new("no content type", "{}"u8.ToArray(), null, Status: 415);
        yield return new("garbage content type", "{}"u8.ToArray(), "///;;;", Status: 415);
        yield return new("33 MiB", System.Text.Encoding.UTF8.GetBytes($"{{\"prompt\":\"{new string('a', TooManyBytes)}\"}}"), Status: 413);
    }

    public override string ToString() => Name;

    public HttpContent ToContent()
    {
        var content = new ByteArrayContent(Bytes);
        if (ContentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        if (Encoding is not null) content.Headers.TryAddWithoutValidation("Content-Encoding", Encoding);
        return content;
    }

    private static HostileBody Json(string name, string text) => new(name, System.Text.Encoding.UTF8.GetBytes(text));

    private static byte[] GZip(string text)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest)) zip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
