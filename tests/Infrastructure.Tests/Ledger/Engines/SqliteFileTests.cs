using System.Diagnostics;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger;
using Microsoft.Data.Sqlite;

namespace AiGateway.Infrastructure.Tests.Ledger.Engines;

/// <summary>What happens to the ledger when its SQLite file is moved away, replaced or write-protected while the writer runs.</summary>
// The ledger has a real time-out of a second. Other fixtures would take the disk from it.
[NonParallelizable]
internal sealed class SqliteFileTests
{
    private const long StatedLogBytes = 32 * 1024 * 1024;
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);
    private TestLedger _ledger = null!;
    private Guid _user;

    private string Database => new SqliteConnectionStringBuilder(_ledger.Database.Settings.ConnectionString).DataSource;

    private string Log => $"{Database}-wal";

    private string Aside => $"{Database}.aside";

    [SetUp]
    public async Task OpenAsync()
    {
        var settings = new LedgerSettings { CommitTimeout = TimeSpan.FromSeconds(1) };
        _ledger = await TestLedger.OpenAsync(settings: settings, time: TimeProvider.System);
        _user = await _ledger.AddUserAsync();
    }

    [TearDown]
    public async Task CloseAsync() => await _ledger.DisposeAsync();

    [Test]
    public async Task Hold_WhenTheFileIsMovedAway_IsUnavailableUntilItIsBackAndNothingIsLost()
    {
        var before = await _ledger.HoldAsync(_user, 100);
        File.Move(Database, Aside);
        await AssertUnavailableAsync();
        await _ledger.SettleAsync(before, cost: 7);
        await AssertUnavailableAsync();
        Assert.That(await ReadingFailsAsync(), Is.True);
        Assert.That(File.Exists(Database), Is.False, "the gateway creates no empty file in its place");

        File.Move(Aside, Database);
        var after = await UntilGrantedAsync();
        await _ledger.FlushAsync();

        Assert.That(await _ledger.UseAsync(_user), Is.EqualTo(new QuotaUse(2, 2, 7, 1)));
        Assert.That(await RowsInTheFileAsync(), Is.SupersetOf(new[] { before, after }));
        await _ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenAnOlderCopyReplacesTheFile_IsWrittenToTheCopyAndTheOldLogDoesNotCorruptIt()
    {
        var known = await _ledger.HoldAsync(_user, 100);
        await ExecuteAsync($"VACUUM INTO '{Aside}'");
        var lost = await _ledger.HoldAsync(_user, 1000);
        File.Move(Aside, Database, overwrite: true);
        await AssertUnavailableAsync();

        var after = await UntilGrantedAsync();
        await _ledger.SettleAsync(known, cost: 7);
        await _ledger.SettleAsync(lost, cost: 9);
        await _ledger.FlushAsync();

        Assert.That(await _ledger.UseAsync(_user), Is.EqualTo(new QuotaUse(2, 2, 7, 1)), "a settlement of a request that is not in the copy changes nothing");
        var rows = await RowsInTheFileAsync();
        Assert.That(rows, Is.SupersetOf(new[] { known, after }).And.Not.Contain(lost));
        Assert.That(await ReadAsync("PRAGMA integrity_check"), Is.EqualTo(new[] { "ok" }));
        await _ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Hold_WhenAFileWithoutTablesReplacesTheFile_IsUnavailableUntilTheRightOneIsBack()
    {
        var before = await _ledger.HoldAsync(_user, 100);
        File.Move(Database, Aside);
        await File.WriteAllBytesAsync(Database, []);
        await AssertUnavailableAsync();
        await AssertUnavailableAsync();

        File.Move(Aside, Database, overwrite: true);
        var after = await UntilGrantedAsync();

        Assert.That(await RowsInTheFileAsync(), Is.SupersetOf(new[] { before, after }));
        Assert.That((await _ledger.UseAsync(_user)).MonthHeldNanoUsd, Is.EqualTo(101));
        await _ledger.AssertBalancedAsync();
    }

    /// <summary>An operator restores a copy as documented, but does not stop the gateway first.</summary>
    [Test]
    public async Task Hold_WhenTheLogIsDeleted_IsRefusedOnceAndTheFileHasAllRecords()
    {
        var before = await _ledger.HoldAsync(_user, 100);
        File.Delete(Log);
        await AssertUnavailableAsync();

        var after = await UntilGrantedAsync();
        await _ledger.FlushAsync();

        Assert.That(await RowsInTheFileAsync(), Is.SupersetOf(new[] { before, after }));
        Assert.That((await _ledger.UseAsync(_user)).MonthHeldNanoUsd, Is.EqualTo(101));
        Assert.That(await ReadAsync("PRAGMA integrity_check"), Is.EqualTo(new[] { "ok" }));
        await _ledger.AssertBalancedAsync();
    }

    /// <summary>Nothing is written to the replacing file until the reader of the old file ends.</summary>
    [Test]
    public async Task Hold_WhenTheReplacedFileIsStillRead_IsUnavailableUntilTheReaderEnds()
    {
        await _ledger.HoldAsync(_user, 100);
        await ExecuteAsync($"VACUUM INTO '{Aside}'");
        await using (var reader = await OpenReaderAsync())
        {
            await _ledger.HoldAsync(_user, 1000);
            File.Move(Aside, Database, overwrite: true);
            for (var i = 0; i < 3; i++) await AssertUnavailableAsync();
        }

        await UntilGrantedAsync();

        Assert.That((await _ledger.UseAsync(_user)).MonthHeldNanoUsd, Is.EqualTo(101));
        await _ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Stop_WhenTheFileWasReplacedUnnoticed_LeavesNoLogBesideTheNewFile()
    {
        await _ledger.HoldAsync(_user, 100);
        await ExecuteAsync($"VACUUM INTO '{Aside}'");
        await _ledger.HoldAsync(_user, 1000);
        File.Move(Aside, Database, overwrite: true);

        _ledger.Database.File.Dispose();

        Assert.That(new FileInfo(Log).Length, Is.Zero);
    }

    [Test]
    public async Task Hold_WhenTheFilesMayNotBeWritten_IsUnavailableUntilTheyMay()
    {
        var before = await _ledger.HoldAsync(_user, 100);
        if (!TrySetImmutable(true)) Assert.Ignore("This machine cannot make a file immutable (that needs root, chattr and a file system that supports it).");
        try
        {
            await AssertUnavailableAsync();
            await _ledger.SettleAsync(before, cost: 7);
            await AssertUnavailableAsync();
        }
        finally
        {
            Assert.That(TrySetImmutable(false), Is.True);
        }

        await UntilGrantedAsync();
        await _ledger.FlushAsync();

        Assert.That(await _ledger.UseAsync(_user), Is.EqualTo(new QuotaUse(2, 2, 7, 1)));
        await _ledger.AssertBalancedAsync();
    }

    [Test]
    public async Task Log_WhenALongReaderEnds_ShrinksToTheStatedSize()
    {
        await _ledger.HoldAsync(_user);
        await using (var reader = await OpenReaderAsync())
        {
            await ExecuteAsync("CREATE TABLE ballast (bytes BLOB)");
            for (var i = 0; i < 3; i++) await ExecuteAsync("INSERT INTO ballast VALUES (zeroblob(16 * 1024 * 1024))");
            await _ledger.HoldAsync(_user);
            Assert.That(new FileInfo(Log).Length, Is.GreaterThan(StatedLogBytes), "the log cannot be reused while a reader is open");
        }

        // The first commit checkpoints the log into the database. The second one starts the log from its beginning.
        await _ledger.HoldAsync(_user);
        await _ledger.HoldAsync(_user);

        Assert.That(new FileInfo(Log).Length, Is.LessThanOrEqualTo(StatedLogBytes));
        await _ledger.AssertBalancedAsync();
    }

    private async Task AssertUnavailableAsync() => Assert.That(
        await TestLedger.CodeOfAsync(_ledger.TryHoldAsync(_user, 1).WaitAsync(LongEnough)), Is.EqualTo(ErrorCode.LedgerUnavailable));

    private async Task<Guid> UntilGrantedAsync()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await _ledger.HoldAsync(_user, 1);
            }
            catch (AiGatewayException failure) when (failure.Code == ErrorCode.LedgerUnavailable && tries < 20)
            {
                // The writer still pauses after the failure.
            }
        }
    }

    private async Task<bool> ReadingFailsAsync()
    {
        try
        {
            await _ledger.UseAsync(_user);
            return false;
        }
        catch (Exception failure) when (failure.GetBaseException() is SqliteException)
        {
            return true;
        }
    }

    /// <summary>The usage records of the file at the path, as the next start would read them.</summary>
    private async Task<IEnumerable<Guid>> RowsInTheFileAsync() => (await ReadAsync("SELECT id FROM usage_records")).Select(Guid.Parse);

    private async Task<List<string>> ReadAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private async Task<SqliteConnection> OpenReaderAsync()
    {
        var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN; SELECT count(*) FROM usage_records";
        await command.ExecuteScalarAsync();
        return connection;
    }

    private async Task<SqliteConnection> ConnectAsync()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False;Mode=ReadWrite");
        await connection.OpenAsync();
        return connection;
    }

    private bool TrySetImmutable(bool isImmutable)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/chattr")) return false;
        using var change = Process.Start("chattr", [isImmutable ? "+i" : "-i", Database, Log]);
        change.WaitForExit();
        return change.ExitCode == 0;
    }
}
