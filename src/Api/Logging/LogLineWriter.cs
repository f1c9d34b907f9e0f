using System.Buffers;

namespace AiGateway.Api.Logging;

/// <summary>
/// Gathers lines and writes them on a thread of its own: at 32 KiB, at the latest after 250 ms, and at once for urgent ones and
/// at the end. Nobody who logs waits for the output. While it is not read, lines beyond 4 MiB are dropped and counted.
/// </summary>
internal sealed class LogLineWriter : IDisposable
{
    private const int FlushBytes = 32 * 1024;
    private const int MostBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan FlushDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    private readonly Stream _output;
    private readonly Func<long, ReadOnlyMemory<byte>> _tellDropped;
    private readonly Thread _thread;

    // Not a Lock: the thread waits for a pulse.
    private readonly object _gate = new();
    private ArrayBufferWriter<byte> _gathered = new(2 * FlushBytes);
    private ArrayBufferWriter<byte> _writing = new(2 * FlushBytes);
    private bool _isUrgent;
    private bool _hasEnded;
    private long _dropped;

    /// <param name="output">Where the lines go.</param>
    /// <param name="tellDropped">Makes the line that tells how many were dropped.</param>
    public LogLineWriter(Stream output, Func<long, ReadOnlyMemory<byte>> tellDropped)
    {
        (_output, _tellDropped) = (output, tellDropped);
        _thread = new Thread(Run) { IsBackground = true, Name = "Log" };
        _thread.Start();
    }

    /// <summary>Takes a copy of a line.</summary>
    public void Append(ReadOnlyMemory<byte> line, bool isUrgent)
    {
        lock (_gate)
        {
            var before = _gathered.WrittenCount;
            if (_hasEnded || before + line.Length > MostBytes)
            {
                _dropped++;
                return;
            }

            _gathered.Write(line.Span);
            _isUrgent |= isUrgent;

            // The thread needs no other wake: it waits for a first line, then for one of the reasons to write.
            if (before == 0 || isUrgent || (before < FlushBytes && _gathered.WrittenCount >= FlushBytes)) Monitor.Pulse(_gate);
        }
    }

    /// <summary>Writes what is gathered, and ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _hasEnded = true;
            Monitor.Pulse(_gate);
        }

        // An output that nobody reads must not keep the process.
        _thread.Join(LongestEnd);
    }

    private void Run()
    {
        while (Gather(out var dropped))
        {
            try
            {
                _output.Write(_writing.WrittenSpan);
                if (dropped > 0) _output.Write(_tellDropped(dropped).Span);
                _output.Flush();
            }
            catch (Exception failure) when (failure is IOException or ObjectDisposedException)
            {
                // The output is gone. The gateway serves on without its log.
            }
        }
    }

    // False: nothing is left, and nothing comes.
    private bool Gather(out long dropped)
    {
        lock (_gate)
        {
            while (_gathered.WrittenCount == 0 && !_hasEnded) Monitor.Wait(_gate);
            if (!_isUrgent && !_hasEnded && _gathered.WrittenCount < FlushBytes) Monitor.Wait(_gate, FlushDelay);
            (_gathered, _writing) = (_writing, _gathered);
            _gathered.ResetWrittenCount();
            _isUrgent = false;
            (dropped, _dropped) = (_dropped, 0);
            return _writing.WrittenCount > 0;
        }
    }
}
