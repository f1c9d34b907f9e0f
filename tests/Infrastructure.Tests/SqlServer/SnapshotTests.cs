using AiGateway.Application.Progress;
using AiGateway.Infrastructure.Ledger;
using AiGateway.Infrastructure.Persistence;
using AiGateway.Infrastructure.Persistence.Engines;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiGateway.Infrastructure.Tests.SqlServer;

/// <summary>Consistent reads and retries as a server sees them, with the real driver, EF Core and a stand-in for the server.</summary>
internal sealed class SnapshotTests
{
    private const string SetBack = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";
    private const int DatabaseNotAvailable = 40613;
    private const int ServiceError = 40197;
    private const int Deadlock = 1205;
    private const int SyntaxError = 102;
    private TdsServer _server = null!;
    private GatewayContextFactory _contexts = null!;

    [SetUp]
    public void Start()
    {
        _server = new TdsServer();
        var settings = new DatabaseSettings { Kind = DatabaseKind.SqlServer, ConnectionString = _server.ConnectionString };
        _contexts = new GatewayContextFactory(settings, new SqliteFile(settings), NullLoggerFactory.Instance);
    }

    [TearDown]
    public async Task StopAsync()
    {
        SqlConnection.ClearPool(new SqlConnection(_server.ConnectionString));
        await _server.DisposeAsync();
    }

    [TestCase(1, false, "begin 5", Description = "a snapshot")]
    [TestCase(1, true, "begin 5", Description = "a snapshot for a report")]
    [TestCase(0, false, "begin 4", Description = "serializable")]
    [TestCase(0, true, "begin 2", Description = "read committed for a report")]
    [TestCase(2, false, "begin 4", Description = "snapshots are being turned off")]
    [TestCase(3, true, "begin 2", Description = "snapshots are being turned on")]
    public async Task State_WithAnySnapshotSetting_IsReadAtItsLevelAndTheLevelIsSetBack(int allowed, bool isReport, string begin)
    {
        _server.SnapshotState = allowed;
        await using (var context = _contexts.CreateDbContext())
        {
            await using var state = isReport
                ? await context.BeginReportAsync(CancellationToken.None)
                : await context.BeginSnapshotAsync(CancellationToken.None);
        }

        Assert.That(_server.Requests.Skip(1), Is.EqualTo((string[])[begin, "rollback", SetBack]));
        Assert.That(_server.Requests.First(), Does.Contain("sys.databases").And.Contain("DB_NAME()"));
    }

    [Test]
    public async Task State_WhenItCannotBegin_SetsTheLevelBack()
    {
        _server.Fail("begin 4", SyntaxError);
        await using (var context = _contexts.CreateDbContext())
            await Assert.ThrowsAsync<SqlException>(() => context.BeginSnapshotAsync(CancellationToken.None));

        Assert.That(_server.Requests.Last(), Is.EqualTo(SetBack));
    }

    /// <summary>
    /// The whole work is repeated, within an execution strategy. Otherwise EF Core would refuse the transaction that the work begins
    /// itself.
    /// </summary>
    [TestCase(DatabaseNotAvailable)]
    [TestCase(ServiceError)]
    [TestCase(40501, Description = "Azure SQL: the service is busy")]
    [TestCase(10928, Description = "Azure SQL: no more workers for this database")]
    [TestCase(10929, Description = "Azure SQL: the server is too busy")]
    [TestCase(49918, Description = "Azure SQL: not enough resources")]
    [TestCase(Deadlock)]
    public async Task Work_WhenItFailsTransiently_IsRepeatedFromTheStart(int error)
    {
        _server.Fail("begin 4", error);
        var attempts = 0;
        await _contexts.RunAsync(
            async (context, cancellationToken) =>
            {
                attempts++;
                await using var state = await context.BeginSnapshotAsync(cancellationToken);
                await context.Database.ExecuteSqlRawAsync(SetBack, cancellationToken);
                return 0;
            },
            CancellationToken.None);

        Assert.That(attempts, Is.EqualTo(2));
    }

    [Test]
    public async Task Verify_WhenItIsADeadlocksVictim_ReadsAgain()
    {
        _server.Fail("begin 4", Deadlock);
        _server.Fail("COUNT_BIG", SyntaxError);

        var failure = await Assert.ThrowsAsync<SqlException>(() => new LedgerVerifier(_contexts, UnseenProgress.Instance).VerifyAsync(CancellationToken.None));
        Assert.That(failure!.Number, Is.EqualTo(SyntaxError), "the second try reached its first query");
    }
}
