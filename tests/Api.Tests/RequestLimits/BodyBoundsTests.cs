using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using AiGateway.Api.RequestLimits;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;
using Microsoft.Extensions.DependencyInjection;
using ZstdSharp;

namespace AiGateway.Api.Tests.RequestLimits;

/// <summary>The bounds of a body: its size after decompression, and the memory of all bodies of a user and of all users.</summary>
internal sealed class BodyBoundsTests
{
    private const int MaxBytes = 100_000;
    private const string Native = "/api/v1/ai/generate";
    private const string Chat = "/v1/chat/completions";
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _gateway = await GatewayHost.StartAsync(
        null, ("AI_GATEWAY_MAX_BODY_BYTES", "100000"), ("AI_GATEWAY_BODY_BYTES_IN_FLIGHT", "400000"));

    [OneTimeTearDown]
    public async Task StopAsync() => await _gateway.DisposeAsync();

    [TestCase(Native, "gzip")]
    [TestCase(Native, "br")]
    [TestCase(Native, "deflate")]
    [TestCase(Native, "zstd")]
    [TestCase(Chat, "zstd")]
    [TestCase(Chat, "")]
    [TestCase(Chat, "gzip")]
    [TestCase(Chat, "br")]
    [TestCase(Chat, "deflate")]
    [TestCase(Chat, "GZIP")]
    [TestCase(Chat, "identity")]
    public async Task Body_WhenCompressed_IsReadDecompressed(string path, string coding)
    {
        _gateway.Provider.Reset(Answers.Completion());
        var user = await _gateway.CreateUserAsync();

        (await SendAsync(user.Caller, path, BodyOf(path, 1_000), coding)).Expect(200);

        Assert.That(_gateway.Provider.Seen.Single().Body, Does.Contain(new string('a', 900)));
        Assert.That(_gateway.Provider.Seen.Single().Headers, Does.Not.ContainKey("content-encoding"));
    }

    [TestCase(Native, "identity")]
    [TestCase(Native, "gzip")]
    [TestCase(Chat, "identity")]
    [TestCase(Chat, "gzip")]
    [TestCase(Chat, "br")]
    [TestCase(Chat, "zstd")]
    public async Task Body_WhenLargerThanTheBound_Is413BeforeAndAfterDecompression(string path, string coding)
    {
        var user = await _gateway.CreateUserAsync();

        var reply = await SendAsync(user.Caller, path, BodyOf(path, 3 * MaxBytes), coding, expectContinue: true);

        Assert.That(reply.Status, Is.EqualTo(413), reply.Text);
        Assert.That(reply.Text, Does.Contain("request_too_large"));
        (await user.Caller.GenerateAsync()).Expect(200);
    }

    [TestCase("gzip")]
    [TestCase("br")]
    [TestCase("deflate")]
    [TestCase("zstd")]
    public async Task Body_ThatIsNotInItsStatedCoding_Is400(string coding)
    {
        var request = _gateway.Admin.Request(HttpMethod.Post, Native);
        request.Content = Json("""{"prompt":"Hi"}"""u8.ToArray(), coding);

        var reply = await _gateway.Admin.SendAsync(request);

        reply.Expect(400, "invalid_request");
        Assert.That(reply.Text, Does.Contain(coding));
    }

    [TestCase("gzip")]
    [TestCase("br")]
    [TestCase("deflate")]
    [TestCase("zstd")]
    public async Task Body_WhenItsCompressedFormIsCut_Is400(string coding)
    {
        var request = _gateway.Admin.Request(HttpMethod.Post, Chat);
        var packed = Pack(Encoding.UTF8.GetBytes(BodyOf(Chat, 1_000)), coding);
        request.Content = Json(packed[..(packed.Length / 2)], coding);

        (await _gateway.Admin.SendAsync(request)).Expect(400);
    }

    [TestCase("compress")]
    [TestCase("gzip, gzip")]
    [TestCase("br,zstd")]
    public async Task Body_WhenItsCodingIsUnknownOrStacked_Is415(string coding)
    {
        var request = _gateway.Admin.Request(HttpMethod.Post, Chat);
        request.Content = Json("{}"u8.ToArray(), coding);

        var reply = (await _gateway.Admin.SendAsync(request)).Expect(415);

        Assert.That(reply.Text, Does.Contain("zstd"));
    }

    [Test]
    public async Task Body_WhenAZstdFrameAsksForALargeWindow_Is400BeforeTheMemoryIsTaken()
    {
        // A frame header that asks for a window of 128 MiB, and one empty last block.
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x88, 0x01, 0x00, 0x00];
        var request = _gateway.Admin.Request(HttpMethod.Post, Chat);
        request.Content = Json(frame, "zstd");

        var reply = (await _gateway.Admin.SendAsync(request)).Expect(400);

        Assert.That(reply.Text, Does.Contain("zstd"));
    }

    [Test]
    public async Task Bodies_WhenAUserHasUsedItsShare_AreRefusedToThatUserAlone()
    {
        var user = await _gateway.CreateUserAsync();
        var neighbour = await _gateway.CreateUserAsync();
        using var stalled = await RawRequest.BeginAsync(user.Caller, Chat, BodyOf(Chat, 95_000), withheld: 2);

        await HaveArrivedAsync(95_000);

        var refused = (await SendAsync(user.Caller, Native, BodyOf(Native, 20_000), "identity")).Expect(429, "rate_limited");

        Assert.That(refused.Header("Retry-After"), Is.EqualTo("1"));
        (await SendAsync(neighbour.Caller, Native, BodyOf(Native, 90_000), "identity")).Expect(200);
        await stalled.SendAsync("]}");
        Assert.That(await stalled.ReplyAsync(), Does.StartWith("HTTP/1.1 200 "));
        await Eventually.GetAsync(() => SendAsync(user.Caller, Native, BodyOf(Native, 90_000), "identity"), reply => reply.Status == 200);
    }

    [Test]
    public async Task Bodies_WhenAllUsersTogetherReachTheBound_AreRefusedAsBusyUntilOneEnds()
    {
        var users = new List<TestUser>();
        for (var i = 0; i < 5; i++) users.Add(await _gateway.CreateUserAsync());
        var stalled = new List<RawRequest>();
        foreach (var user in users[..4]) stalled.Add(await RawRequest.BeginAsync(user.Caller, Native, BodyOf(Native, 99_000), withheld: 2));

        await HaveArrivedAsync(4 * 99_000);

        var refused = (await SendAsync(users[4].Caller, Chat, BodyOf(Chat, 20_000), "identity")).Expect(503);

        Assert.That(refused.Json.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("gateway_busy"));
        Assert.That(refused.Header("Retry-After"), Is.EqualTo("1"));
        foreach (var each in stalled) each.Dispose();
        await Eventually.GetAsync(() => SendAsync(users[4].Caller, Chat, BodyOf(Chat, 20_000), "identity"), reply => reply.Status == 200);
        await _gateway.Admin.VerifyAsync();
    }

    [Test]
    public async Task Bodies_WhenComplete_StillCountWithTheTextsMadeFromThem()
    {
        await using var gateway = await GatewayHost.StartAsync(
            null, ("AI_GATEWAY_MAX_BODY_BYTES", "100000"), ("AI_GATEWAY_BODY_BYTES_IN_FLIGHT", "1600000"));
        var user = await gateway.CreateUserAsync();
        var neighbour = await gateway.CreateUserAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Provider.Answer = Answers.After(release.Task, Answers.Completion());
        var running = SendAsync(user.Caller, Chat, BodyOf(Chat, 99_000), "identity");
        await gateway.Provider.ArrivalsAsync();

        (await SendAsync(user.Caller, Native, BodyOf(Native, 40_000), "identity")).Expect(429, "rate_limited");

        var second = SendAsync(neighbour.Caller, Native, BodyOf(Native, 40_000), "identity");
        await gateway.Provider.ArrivalsAsync();
        release.SetResult();
        (await running).Expect(200);
        (await second).Expect(200);
        (await SendAsync(user.Caller, Native, BodyOf(Native, 40_000), "identity")).Expect(200);
    }

    [Test]
    public async Task Bodies_WhenManyAreRefused_ReleaseTheirMemory()
    {
        var user = await _gateway.CreateUserAsync();
        for (var i = 0; i < 20; i++)
            await SendAsync(user.Caller, Chat, BodyOf(Chat, 2 * MaxBytes), i % 2 == 0 ? "gzip" : "identity", expectContinue: true);

        (await SendAsync(user.Caller, Native, BodyOf(Native, 95_000), "identity")).Expect(200);
    }

    private async Task HaveArrivedAsync(long bytes)
    {
        var shares = _gateway.Services.GetRequiredService<CallerShares>();
        await Eventually.GetAsync(() => Task.FromResult(shares.BodyBytes), taken => taken >= bytes);
    }

    private static string BodyOf(string path, int length)
    {
        var text = new string('a', length);
        return path == Native ? $$"""{"prompt":"{{text}}"}""" : $$"""{"messages":[{"role":"user","content":"{{text}}"}]}""";
    }

    private static Task<Reply> SendAsync(GatewayClient caller, string path, string body, string coding, bool expectContinue = false)
    {
        var request = caller.Request(HttpMethod.Post, path);
        request.Content = Json(Pack(Encoding.UTF8.GetBytes(body), coding), coding);
        request.Headers.ExpectContinue = expectContinue;
        return caller.SendAsync(request);
    }

    private static ByteArrayContent Json(byte[] bytes, string coding)
    {
        var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return content;
    }

    private static byte[] Pack(byte[] bytes, string coding)
    {
        using var packed = new MemoryStream();
        using (Stream packer = coding.ToLowerInvariant() switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "zstd" => new CompressionStream(packed, leaveOpen: true),
            _ => new BufferedStream(packed),
        })
        {
            packer.Write(bytes);
            packer.Flush();
            if (packer is BufferedStream) return packed.ToArray();
        }

        return packed.ToArray();
    }
}
