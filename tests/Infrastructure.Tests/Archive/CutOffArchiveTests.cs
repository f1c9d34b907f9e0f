using System.IO.Compression;
using AiGateway.Application.Archive;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Tests.Ledger;

namespace AiGateway.Infrastructure.Tests.Archive;

/// <summary>An archive that is interrupted, or that is given invalid arguments.</summary>
[TestFixture(DatabaseKind.Sqlite)]
[TestFixture(DatabaseKind.Postgres)]
[TestFixture(DatabaseKind.SqlServer)]
internal sealed class CutOffArchiveTests(DatabaseKind kind)
{
    private const int Count = 1100;
    private static readonly DateOnly October = new(2026, 10, 1);
    private static readonly DateTimeOffset August = new(2026, 8, 3, 9, 0, 0, TimeSpan.Zero);

    [TestCase(1, 0)]
    [TestCase(2, 256)]
    [TestCase(5, 1024)]
    public async Task Archive_WhenInterruptedBetweenFileAndRemoval_IsFinishedWithoutLossOrDuplicate(int removal, int removed)
    {
        await using var ledger = await FilledAsync();
        using var archivist = new Archivist(ledger, real => new Disturbed(real, number =>
            number == removal ? throw new OperationCanceledException("killed") : Task.CompletedTask));
        var before = await ArchiveTests.AllSumsAsync(ledger);

        await Assert.ThrowsAsync<OperationCanceledException>(() => archivist.ArchiveAsync(October));

        Assert.That((await ledger.Ledger.VerifyAsync(default)).Rows, Is.EqualTo(Count - removed));
        await ledger.AssertBalancedAsync();
        Assert.That(await ArchiveTests.AllSumsAsync(ledger), Is.EqualTo(before));
        Assert.That(archivist.Lines(), Has.Count.EqualTo(Count), "the file is complete");

        var again = await Assert.ThrowsAsync<InvalidRequestException>(() => archivist.ArchiveAsync(October));
        Assert.That(again!.Message, Does.Contain("exists").And.Contain("--finish"));
        Assert.That(await archivist.FinishAsync(), Is.EqualTo(new ArchiveResult(Count, Count - removed)));
        Assert.That(await archivist.FinishAsync(), Is.EqualTo(new ArchiveResult(Count, 0)));

        Assert.That(await ArchiveTests.IdsAsync(ledger), Is.Empty);
        await ledger.AssertBalancedAsync();
        Assert.That(await ArchiveTests.AllSumsAsync(ledger), Is.EqualTo(before));
    }

    [Test]
    public async Task Archive_WhenCancelledWhileItWrites_LeavesNoFileAndAllRecords()
    {
        await using var ledger = await FilledAsync();
        using var archivist = new Archivist(ledger);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAsync(Is.InstanceOf<OperationCanceledException>(), () => archivist.ArchiveAsync(October, cancellationToken: cancelled.Token));

        Assert.That(File.Exists(archivist.File()), Is.False);
        Assert.That(await ArchiveTests.IdsAsync(ledger), Has.Length.EqualTo(Count));
    }

    [Test]
    public async Task Archive_IntoAFileThatExists_IsRefusedAndLeavesIt()
    {
        await using var ledger = await FilledAsync();
        using var archivist = new Archivist(ledger);
        await File.WriteAllTextAsync(archivist.File(), "precious");

        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => archivist.ArchiveAsync(October));

        Assert.That(refusal!.Faults.Single().Field, Is.EqualTo("to"));
        Assert.That(await File.ReadAllTextAsync(archivist.File()), Is.EqualTo("precious"));
        Assert.That(await ArchiveTests.IdsAsync(ledger), Has.Length.EqualTo(Count));
    }

    [Test]
    public async Task Archive_OfThePreviousMonth_IsRefused()
    {
        await using var ledger = await FilledAsync();
        using var archivist = new Archivist(ledger);

        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => archivist.ArchiveAsync(October.AddDays(1)));

        Assert.That(refusal!.Faults.Single(), Is.EqualTo(new Fault("before", "must be at most 2026-10-01: the current and the previous month stay")));
        Assert.That(File.Exists(archivist.File()), Is.False);
    }

    [Test]
    public async Task Finish_WithATruncatedFile_RemovesNothing()
    {
        await using var ledger = await FilledAsync();
        using var archivist = new Archivist(ledger, real => new Disturbed(real, _ => throw new OperationCanceledException("killed")));
        await Assert.ThrowsAsync<OperationCanceledException>(() => archivist.ArchiveAsync(October));
        var whole = await File.ReadAllBytesAsync(archivist.File());
        foreach (var length in (int[])[0, 1, whole.Length / 2, whole.Length - 9, whole.Length - 1])
        {
            await File.WriteAllBytesAsync(archivist.File("cut.gz"), whole[..length]);

            await Assert.ThrowsAsync<InvalidRequestException>(() => archivist.FinishAsync("cut.gz"));
        }

        await Assert.ThrowsAsync<InvalidRequestException>(() => archivist.FinishAsync("none.gz"));
        Assert.That(await ArchiveTests.IdsAsync(ledger), Has.Length.EqualTo(Count));
    }

    [Test]
    public async Task Finish_WithLinesThatAreNotInTheLedger_ChangesNothing()
    {
        await using var ledger = await FilledAsync();
        using var archivist = new Archivist(ledger, real => new Disturbed(real, number =>
            number == 1 ? throw new OperationCanceledException("killed") : Task.CompletedTask));
        await Assert.ThrowsAsync<OperationCanceledException>(() => archivist.ArchiveAsync(October));
        await RewriteAsync(archivist.File(), text => text.Replace("\"costNanoUsd\":1,", "\"costNanoUsd\":2,", StringComparison.Ordinal));

        Assert.That(await archivist.FinishAsync(), Is.EqualTo(new ArchiveResult(Count, 0)));

        Assert.That(await ArchiveTests.IdsAsync(ledger), Has.Length.EqualTo(Count));
        await RewriteAsync(archivist.File(), text => text.Replace("T09:00:00", "T09:00:0", StringComparison.Ordinal));
        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => archivist.FinishAsync());
        Assert.That(refusal!.Message, Does.Contain("line 1"));
    }

    [Test]
    public async Task Finish_WithRecordsThatAreTooYoung_IsRefused()
    {
        await using var ledger = await FilledAsync();
        using var archivist = new Archivist(ledger, real => new Disturbed(real, number =>
            number == 1 ? throw new OperationCanceledException("killed") : Task.CompletedTask));
        await Assert.ThrowsAsync<OperationCanceledException>(() => archivist.ArchiveAsync(October));
        await RewriteAsync(archivist.File(), text => text.Replace("2026-08-03T", "2026-10-03T", StringComparison.Ordinal));

        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => archivist.FinishAsync());

        Assert.That(refusal!.Message, Does.Contain("must stay"));
        Assert.That(await ArchiveTests.IdsAsync(ledger), Has.Length.EqualTo(Count));
    }

    private async Task<TestLedger> FilledAsync()
    {
        var ledger = await TestLedger.OpenAsync(kind, alone: true);
        var user = await ledger.AddUserAsync();
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => ArchiveTests.SettledAsync(ledger, user, August.AddSeconds(i), 1)));
        return ledger;
    }

    private static async Task RewriteAsync(string file, Func<string, string> change)
    {
        string text;
        using (var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress))) text = await reader.ReadToEndAsync();
        Assert.That(change(text), Is.Not.EqualTo(text));
        await using var writer = new StreamWriter(new GZipStream(File.Create(file), CompressionLevel.Fastest));
        await writer.WriteAsync(change(text));
    }
}
