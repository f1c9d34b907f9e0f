using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiGateway.StandIn.Requests;

/// <summary>All requests, in order of arrival. It may be read while requests arrive.</summary>
public sealed class RequestLog : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private readonly FileStream? _file;
    private readonly bool _remembers;
    private ImmutableList<RecordedRequest> _all = [];
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastNumber;

    internal RequestLog(string? file, bool remembers)
    {
        _remembers = remembers;
        if (file is not null) _file = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
    }

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<RecordedRequest> All => Volatile.Read(ref _all);

    /// <summary>The number of requests that have arrived.</summary>
    public long Count => Interlocked.Read(ref _lastNumber);

    /// <summary>Removes all requests. The numbering continues.</summary>
    public void Clear()
    {
        lock (_lock) _all = [];
    }

    /// <summary>The first matching request, now or when it arrives.</summary>
    /// <param name="fits">Whether a request matches.</param>
    /// <param name="atMost">The longest wait.</param>
    /// <param name="time">The clock of the wait.</param>
    /// <exception cref="TimeoutException">No matching request arrived in time.</exception>
    public async Task<RecordedRequest> WaitForAsync(Func<RecordedRequest, bool> fits, TimeSpan atMost, TimeProvider time)
    {
        var deadline = time.GetUtcNow() + atMost;
        while (true)
        {
            var added = Volatile.Read(ref _added).Task;
            if (All.FirstOrDefault(fits) is { } found) return found;
            var left = deadline - time.GetUtcNow();
            await added.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    internal long NextNumber() => Interlocked.Increment(ref _lastNumber);

    internal void Add(RecordedRequest request)
    {
        var line = _file is null ? null : Describe(request);
        lock (_lock)
        {
            if (line is not null)
            {
                // The line is with the operating system before the reply is sent. It survives when this process is killed.
                _file!.Write(line);
                _file.Flush();
            }

            if (!_remembers) return;
            _all = _all.Add(request);
            var added = _added;
            _added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            added.SetResult();
        }
    }

    // The body is written as text, because it may be invalid JSON. The key is left out.
    private static byte[] Describe(RecordedRequest request) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
        new
        {
            request.Number,
            request.ReceivedAt,
            request.Method,
            Path = request.Path + request.Query,
            Headers = request.Headers.Where(header => !header.Key.Equals("authorization", StringComparison.OrdinalIgnoreCase)).ToDictionary(),
            Body = Encoding.UTF8.GetString(request.Body.Span),
        },
        Json) + "\n");
}
