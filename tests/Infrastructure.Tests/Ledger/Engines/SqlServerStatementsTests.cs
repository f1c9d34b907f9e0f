using System.Reflection;
using AiGateway.Infrastructure.Ledger.Alerts;
using AiGateway.Infrastructure.Ledger.Sql.Postgres;
using AiGateway.Infrastructure.Ledger.Sql.SqlServer;
using AiGateway.Infrastructure.Tests.Persistence.Databases;

namespace AiGateway.Infrastructure.Tests.Ledger.Engines;

internal sealed class SqlServerStatementsTests
{
    /// <summary>Every SQL text of the class, including the texts from which others are composed.</summary>
    private static IEnumerable<TestCaseData<string>> Statements => ((Type[])[typeof(SqlServerLedgerStatements), typeof(SqlServerBudgetStatements), typeof(SqlServerRateStatements), typeof(AlertInsert)])
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(text => text.FieldType == typeof(string) && !PartsOfLists.Contains(text.Name))
        .Select(text => new TestCaseData<string>((string)text.GetRawConstantValue()!).SetArgDisplayNames(text.Name));

    // Lists of columns, which are not statements.
    private static readonly string[] PartsOfLists = ["Record", "InsertedRecord", "RecordTypes"];

    [Test]
    public void Statements_OfTheLedger_AreAllTested() => Assert.That(Statements.Count(), Is.EqualTo(23));

    [TestCaseSource(nameof(Statements))]
    public void Statement_OfTheLedger_IsValidTransactSql(string sql) => Assert.That(TransactSql.FaultsIn(sql), Is.Empty);

    /// <summary>The lock of a counter is the only allowed hint. It must last until the transaction ends.</summary>
    [TestCaseSource(nameof(Statements))]
    public void Statement_OfTheLedger_HasNoMergeAndNoOtherHint(string sql) =>
        Assert.That(TransactSql.BannedIn(sql).Except(["WITH (UpdLock)", "WITH (Rowlock)"]), Is.Empty);

    [Test]
    public void LockCounters_BothTimes_LocksTheRowUntilTheEnd() =>
        Assert.That(TransactSql.BannedIn(SqlServerLedgerStatements.LockCounters), Is.EqualTo(
            Enumerable.Repeat((string[])["WITH (UpdLock)", "WITH (Rowlock)"], 4).SelectMany(hints => hints)), "users' counters, and those of budgets");

    [Test]
    public void Finish_WhenACounterIsNotAsItWasLocked_Throws()
    {
        var sql = string.Join(' ', SqlServerLedgerStatements.Finish.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        Assert.That(sql, Does.Contain(
            "AND requests = @was_requests AND settled_nano_usd = @was_settled AND held_nano_usd = @was_held; "
            + $"IF @@ROWCOUNT <> 1 THROW {SqlServerLedgerStatements.CounterChanged},"));
        Assert.That(sql, Does.EndWith("COMMIT TRANSACTION; BEGIN TRANSACTION;"));
    }

    [Test]
    public void Rule_ForAStatementOfAnotherEngine_FindsFaults() =>
        Assert.That(TransactSql.FaultsIn(PostgresLedgerStatements.LockCounters), Is.Not.Empty);

    [TestCase("UPDATE usage_records WITH (READPAST) SET status = 3", "WITH (ReadPast)")]
    [TestCase("SELECT 1 FROM quota_counters WITH (UPDLOCK, HOLDLOCK)", "WITH (UpdLock)", "WITH (HoldLock)")]
    [TestCase("SELECT 1 FROM quota_counters WITH (INDEX (pk_quota_counters))", "WITH (Index)")]
    [TestCase("UPDATE quota_counters SET requests = 0 OPTION (LOOP JOIN)", "OPTION (LoopJoin)")]
    [TestCase("MERGE quotas USING users ON 1 = 0 WHEN NOT MATCHED THEN INSERT DEFAULT VALUES;", "MERGE")]
    [TestCase("SELECT id FROM OPENJSON(@rows) WITH (id uniqueidentifier '$.id')")]
    public void Rule_ForAStatementWithMergeOrHint_FindsThem(string sql, params string[] found)
    {
        Assert.That(TransactSql.FaultsIn(sql), Is.Empty);
        Assert.That(TransactSql.BannedIn(sql), Is.EqualTo(found));
    }
}
