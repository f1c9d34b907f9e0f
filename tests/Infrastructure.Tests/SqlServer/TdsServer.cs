using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AiGateway.Domain;
using AiGateway.Infrastructure.Ledger.Sql.SqlServer;

namespace AiGateway.Infrastructure.Tests.SqlServer;

/// <summary>
/// A stand-in for SQL Server, without a database. It speaks as much of the protocol as the gateway's connections need. Every counter is
/// zero, every settlement finds its hold, and a sweep finds no expired lease. It records requests, and fails or disconnects when told.
/// </summary>
internal sealed class TdsServer : IAsyncDisposable
{
    private const int HeaderLength = 8;
    private const byte SqlBatch = 1;
    private const byte Call = 3;
    private const byte TransactionRequest = 14;
    private const byte Login = 16;
    private const byte PreLogin = 18;
    private const byte LastPacket = 1;
    private const long Clock = 1_794_744_000_000_000_000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpClient, Task> _sessions = new();
    private readonly ConcurrentDictionary<string, int> _failures = new();
    private readonly Task _accepting;
    private readonly ConcurrentQueue<string> _requests = new();
    private int _opened;
    private string? _cutAt;

    public TdsServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string ConnectionString =>
        $"Server=127.0.0.1,{((IPEndPoint)_listener.LocalEndpoint).Port};User Id=sa;Password=none;Encrypt=Optional;ConnectRetryCount=0";

    /// <summary>The number of requests since the start, without logins.</summary>
    public int RoundTrips => _requests.Count;

    /// <summary>The requests as text: SQL, "call" for SQL with parameters, or the driver's own transaction request.</summary>
    public IEnumerable<string> Requests => _requests;

    /// <summary>The snapshot state in <c>sys.databases</c>; 1 means allowed.</summary>
    public int SnapshotState { get; set; }

    /// <summary>A user with a rate of 10 requests a minute, of which half is used; null: nobody has a rate.</summary>
    public Guid? Rated { get; set; }

    /// <summary>The number of logins since the start.</summary>
    public int Sessions => Volatile.Read(ref _opened);

    /// <summary>Answers the next request that contains this text with this error.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="error">The number of the error.</param>
    public void Fail(string sql, int error) => _failures[sql] = error;

    /// <summary>Ends the session at the next request that contains this text, without a reply.</summary>
    public void CutAt(string sql) => Volatile.Write(ref _cutAt, sql);

    /// <summary>Ends all sessions, as a failover does.</summary>
    public void CutAll()
    {
        foreach (var client in _sessions.Keys) client.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        CutAll();
        await Task.WhenAll([_accepting, .. _sessions.Values]);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                client.NoDelay = true;
                _sessions[client] = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException)
        {
            // The test has ended.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var _ = client;
            var stream = client.GetStream();
            while (await ReadAsync(stream) is var (kind, message))
            {
                var answer = Answer(kind, message);
                if (answer is null) return;
                await stream.WriteAsync(TdsReply.InPackets(answer), _stop.Token);
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has disconnected.
        }
    }

    /// <summary>Reads a whole message, up to its last packet.</summary>
    private async Task<(byte Kind, byte[] Message)> ReadAsync(NetworkStream stream)
    {
        var header = new byte[HeaderLength];
        using var message = new MemoryStream();
        do
        {
            await stream.ReadExactlyAsync(header, _stop.Token);
            var body = new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)) - HeaderLength];
            await stream.ReadExactlyAsync(body, _stop.Token);
            message.Write(body);
        }
        while ((header[1] & LastPacket) == 0);
        return (header[0], message.ToArray());
    }

    private byte[]? Answer(byte kind, byte[] message)
    {
        if (kind == PreLogin) return TdsReply.PreLogin();
        if (kind == Login)
        {
            Interlocked.Increment(ref _opened);
            return TdsReply.LoginAccepted();
        }

        var text = TextOf(kind, message);
        _requests.Enqueue(text);
        if (Volatile.Read(ref _cutAt) is { } cut && Holds(message, cut)) return null;
        foreach (var (sql, error) in _failures)
        {
            if ((sql == text || Holds(message, sql)) && _failures.TryRemove(sql, out _)) return new TdsReply().Error(error).Done();
        }

        return kind == TransactionRequest ? AnswerTo(text) : AnswerTo(message);
    }

    private static string TextOf(byte kind, byte[] message)
    {
        var body = message.AsSpan(BinaryPrimitives.ReadInt32LittleEndian(message));
        return kind switch
        {
            SqlBatch => Encoding.Unicode.GetString(body),
            Call => "call",
            TransactionRequest => BinaryPrimitives.ReadUInt16LittleEndian(body) switch
            {
                5 => $"begin {body[2]}",
                7 => "commit",
                _ => "rollback",
            },
            _ => throw new InvalidOperationException($"A message of kind {kind} was not expected."),
        };
    }

    private static byte[] AnswerTo(string request) => request switch
    {
        "commit" => new TdsReply().Commit().Done(),
        "rollback" => new TdsReply().Rollback().Done(),
        _ => new TdsReply().Begin().Done(),
    };

    private static byte[] Record =>
    [
        TdsReply.Id, TdsReply.Int, TdsReply.Int, TdsReply.BigInt, TdsReply.BigInt, TdsReply.BigInt, TdsReply.Id, TdsReply.Id, TdsReply.Text, TdsReply.Text,
    ];

    private byte[] AnswerTo(byte[] message)
    {
        var rates = Count(message, "\"metric\":");
        var rows = Count(message, "\"place\":") - rates;
        var reply = new TdsReply();
        if (Holds(message, SqlServerLedgerStatements.LockCounters))
        {
            reply.Columns(TdsReply.Int, TdsReply.BigInt, TdsReply.BigInt, TdsReply.BigInt);
            for (var i = 1; i <= rows; i++) reply.Row(i, 0L, 0L, 0L);
            reply.RowsDone().Columns(TdsReply.Int, TdsReply.BigInt, TdsReply.BigInt, TdsReply.BigInt, TdsReply.BigInt, TdsReply.BigInt, TdsReply.BigInt);
            reply.RowsDone().Columns(TdsReply.BigInt, TdsReply.BigInt, TdsReply.BigInt).Row(Rated is null ? 0L : 1L, 0L, Rated is null ? 0L : 1L);
            reply.RowsDone().Columns(TdsReply.Id, TdsReply.BigInt, TdsReply.BigInt, TdsReply.BigInt).RowsDone();
            if (rates == 0) return reply.Done();
            reply.Columns(TdsReply.Int, TdsReply.BigInt).Row(1, Clock + (RateState.Minute / 2));
            return reply.RowsDone().Columns(TdsReply.BigInt).Row(Clock).RowsDone().Done();
        }

        if (Holds(message, "FROM rates WHERE"))
            return reply.Columns(TdsReply.Id, TdsReply.Int, TdsReply.Int, TdsReply.BigInt, TdsReply.BigInt).Row(Rated!.Value, 1, 4, 10L, 0L).RowsDone().Done();

        if (Holds(message, SqlServerLedgerStatements.End))
        {
            reply.Columns([TdsReply.Int, TdsReply.Int, .. Record]);
            for (var i = 0; i < rows; i++) reply.Row(i, 0, Guid.Empty, 20261115, 20261101, 0L, 0L, 0L, Guid.Empty, Guid.Empty, "", "model");
            return reply.RowsDone().Done();
        }

        if (Holds(message, SqlServerLedgerStatements.Expire))
            return reply.Columns(Record).RowsDone().Done();
        if (Holds(message, SqlServerLedgerStatements.Prepare)) return reply.Begin().Done();
        if (Holds(message, SqlServerLedgerStatements.Rollback)) return reply.Begin().Done();
        if (Holds(message, SqlServerLedgerStatements.Commit)) return reply.Commit().Begin().Done();
        if (Holds(message, "snapshot_isolation_state")) return reply.Columns(TdsReply.Int).Row(SnapshotState).RowsDone().Done();
        if (Holds(message, "SET TRANSACTION ISOLATION LEVEL")) return reply.Done();
        throw new InvalidOperationException("The statement is not known.");
    }

    private static bool Holds(byte[] message, string sql) => message.AsSpan().IndexOf(Encoding.Unicode.GetBytes(sql)) >= 0;

    private static int Count(byte[] message, string text) => message.AsSpan().Count(Encoding.Unicode.GetBytes(text));
}
