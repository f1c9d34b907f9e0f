using System.Diagnostics;
using System.Text.Json.Nodes;
using AiGateway.Api.Tests.Hosting;
using AiGateway.Testing;

namespace AiGateway.Api.Tests.Processes;

/// <summary>
/// The SQLite file is missing or cannot be written while requests arrive. No request is forwarded without a usage record, no caller gets a
/// 500, and the gateway recovers without a restart.
/// </summary>
internal sealed class DatabaseFileTests
{
    private const int Lanes = 8;
    private TempFolder _folder = null!;
    private ScriptedProvider _provider = null!;
    private string _database = null!;

    [SetUp]
    public async Task StartAsync()
    {
        (_folder, _provider) = (new TempFolder(), await ScriptedProvider.StartAsync(Answers.Completion()));
        _database = _folder.File("disk");
        Directory.CreateDirectory(_database);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _provider.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A file system of a few megabytes is filled. Writes then fail with ENOSPC.</summary>
    [Test]
    public async Task Gateway_WhenTheFileSystemIsFull_RefusesAndRecovers()
    {
        if (!CanMount()) Assert.Ignore("This machine cannot mount a file system (that needs root and unshare).");
        await using var gateway = await ServeAsync(
            ["unshare", "-m", "sh", "-c", """mount -t tmpfs -o size=6m tmpfs "$1" && shift && exec "$@" """, "sh", _database]);
        var inside = $"/proc/{gateway.Id}/root{_database}";
        await BlockAndRecoverAsync(
            gateway,
            block: () =>
            {
                using var ballast = File.Create(Path.Combine(inside, "ballast"));
                var page = new byte[4096];
                try
                {
                    while (true)
                    {
                        ballast.Write(page);
                        ballast.Flush();
                    }
                }
                catch (IOException)
                {
                    // The file system is full.
                }
            },
            free: () => File.Delete(Path.Combine(inside, "ballast")));
    }

    /// <summary>The size of the gateway's files is limited. Writes then fail with EFBIG. This needs no privilege.</summary>
    [Test]
    public async Task Gateway_WhenItsFilesMayNotGrow_RefusesAndRecovers()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/prlimit")) Assert.Ignore("This machine cannot change the limits of a process (prlimit).");

        // The signal would end a program that does not ignore it.
        await using var gateway = await ServeAsync(["sh", "-c", """trap '' XFSZ; exec "$@" """, "sh"]);
        await BlockAndRecoverAsync(
            gateway,
            block: () => Limit(gateway, new FileInfo(Path.Combine(_database, "gateway.db-wal")).Length),
            free: () => Limit(gateway, null));
    }

    /// <summary>The file is moved away and back. In between, SQLite would write to a file without a name.</summary>
    [Test]
    public async Task Gateway_WhenItsFileIsMovedAway_RefusesAndRecoversAndHasAllRecordsAfterARestart()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("Windows does not let an open file be moved.");
        var (file, aside) = (Path.Combine(_database, "gateway.db"), _folder.File("aside.db"));
        IReadOnlyList<(string User, string Status)> before;
        await using (var gateway = await ServeAsync([]))
        {
            before = await BlockAndRecoverAsync(
                gateway,
                block: () => File.Move(file, aside),
                free: () =>
                {
                    Assert.That(File.Exists(file), Is.False, "the gateway creates no empty file in its place");
                    File.Move(aside, file);
                });
            await gateway.KillAsync();
        }

        await using var next = await ServeAsync([]);
        var caller = next.Caller(GatewayHost.AdminKey);
        Assert.That(await ReadAllAsync(caller), Is.EquivalentTo(before));
        await caller.VerifyAsync();
    }

    private async Task<IReadOnlyList<(string User, string Status)>> BlockAndRecoverAsync(GatewayProcess gateway, Action block, Action free)
    {
        // Some replies come while the file is blocked. They are delivered, and settled when the file can be written again.
        var release = new TaskCompletionSource();
        var caller = gateway.Caller(GatewayHost.AdminKey);
        for (var i = 0; i < 20; i++) (await caller.GenerateAsync(Named($"before-{i}"))).Expect(200);
        _provider.Answer = Answers.After(release.Task, Answers.Completion());
        var underWay = Enumerable.Range(0, 5).Select(i => caller.GenerateAsync(Named($"during-{i}"))).ToArray();
        await _provider.ArrivalsAsync(25);
        _provider.Answer = Answers.Completion();

        block();
        var refused = 0;
        var replies = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => LoadAsync(
            caller, $"blocked-{lane}", isEnough: reply => reply.Status == 503 && Interlocked.Increment(ref refused) > 5 * Lanes)));
        Assert.That(refused, Is.Positive, "the block has an effect");
        Assert.That(replies.SelectMany(each => each).Select(each => each.Status), Is.All.AnyOf(200, 503));
        foreach (var reply in replies.SelectMany(each => each).Where(each => each.Status == 503))
        {
            reply.Expect(503, "ledger_unavailable");
            Assert.That(reply.Header("retry-after"), Is.Not.Null);
        }

        release.SetResult();
        foreach (var reply in await Task.WhenAll(underWay)) reply.Expect(200);

        free();
        await Eventually.GetAsync(() => caller.GenerateAsync(Named("after")), reply => reply.Status == 200);
        await Eventually.GetAsync(() => caller.VerifyAsync(), ledger => ledger.GetProperty("held").GetInt64() == 0);

        // Each request that reached the provider has one usage record, and each record with a cost reached the provider.
        var forwarded = _provider.Seen.Select(seen => JsonNode.Parse(seen.Body)!["user"]!.GetValue<string>()).ToList();
        var rows = await ReadAllAsync(caller);
        var owed = rows.Where(row => row.Status is "settled" or "expired").Select(row => row.User).ToList();
        Assert.That(owed, Is.EquivalentTo(forwarded));
        Assert.That(rows.Where(row => row.User.StartsWith("during", StringComparison.Ordinal)).Select(row => row.Status), Is.All.EqualTo("settled"));
        return rows;
    }

    private static object Named(string user) => new { prompt = "Hi", user };

    private static async Task<List<Reply>> LoadAsync(GatewayClient caller, string name, Predicate<Reply> isEnough)
    {
        var replies = new List<Reply>();
        do replies.Add(await caller.GenerateAsync(Named($"{name}-{replies.Count}")));
        while (!isEnough(replies[^1]) && replies.Count < 20_000);
        return replies;
    }

    private static async Task<List<(string User, string Status)>> ReadAllAsync(GatewayClient caller)
    {
        var rows = new List<(string, string)>();
        for (string? next = ""; next is not null;)
        {
            var page = (await caller.GetAsync($"/api/v1/ai/usage?limit=200&next={next}")).Expect(200).Json;
            rows.AddRange(page.GetProperty("items").EnumerateArray()
                .Select(row => (row.GetProperty("user").GetString()!, row.GetProperty("status").GetString()!)));
            next = page.GetProperty("next").GetString();
        }

        return rows;
    }

    private static bool CanMount()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return false;
        using var probe = Process.Start("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]);
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }

    private static void Limit(GatewayProcess gateway, long? bytes)
    {
        using var limit = Process.Start("prlimit", ["--pid", $"{gateway.Id}", $"--fsize={(bytes is { } size ? $"{size}" : "unlimited")}:"]);
        limit.WaitForExit();
        Assert.That(limit.ExitCode, Is.Zero);
    }

    private Task<GatewayProcess> ServeAsync(string[] wrapper) => GatewayProcess.ServeAsync(
        _folder.Path,
        wrapper,
        ("ConnectionStrings__Gateway", $"Data Source={Path.Combine(_database, "gateway.db")}"),
        ("OPENAI_API_KEY", GatewayHost.ProviderKey),
        ("OPENAI_BASE_URL", $"{_provider.Address}v1"),
        ("OPENAI_MODEL", TestPrices.Model),
        ("AI_GATEWAY_PRICES", _folder.Write("prices.json", TestPrices.Json)),
        ("AI_GATEWAY_BOOTSTRAP_KEY", GatewayHost.AdminKey),
        ("AI_QUOTA_DAILY_LIMIT", "1000000"),
        ("AI_QUOTA_MONTHLY_LIMIT", "1000000"),
        ("AI_QUOTA_MONTHLY_SPEND_LIMIT", "10000"),
        ("AI_GATEWAY_RATE_LIMIT_PER_MINUTE", "1000000"),
        ("AI_GATEWAY_MAX_RETRIES", "0"),
        ("AI_GATEWAY_CHECK_INTERVAL", "0"),
        ("AI_GATEWAY_LEDGER_TIMEOUT", "2000"));
}
