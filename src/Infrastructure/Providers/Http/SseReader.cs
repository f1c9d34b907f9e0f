namespace AiGateway.Infrastructure.Providers.Http;

/// <summary>The result of one read from an event stream.</summary>
internal enum SseRead
{
    /// <summary>An event with data.</summary>
    Event,

    /// <summary>A comment, a blank line or an event without data: the provider is alive and says nothing.</summary>
    NoData,

    /// <summary>The body ended in order.</summary>
    End,
}

/// <summary>
/// Reads server-sent events in any legal framing, and in two illegal ones that servers use: events separated by one line end
/// only, and a last event without a blank line. It holds one event at a time.
/// </summary>
/// <param name="stream">The body, decompressed.</param>
/// <param name="maxEventBytes">Most bytes of one event, and of one line.</param>
internal sealed class SseReader(Stream stream, int maxEventBytes)
{
    private byte[] _buffer = new byte[4 * 1024];
    private int _next;
    private int _end;

    // The part of the unread bytes that holds no line end.
    private int _searched;
    private bool _isPastBom;
    private bool _skipsLineFeed;
    private bool _isAtEnd;

    private byte[] _data = new byte[1024];
    private int _length;
    private bool _hasData;
    private bool _isTaken;
    private JsonScan _json;
    private string? _type;
    private string? _typeBeforeData;
    private string? _lastType;

    /// <summary>The data of the event; several lines are joined by line feeds. Valid until the next read.</summary>
    public ReadOnlyMemory<byte> Data => _data.AsMemory(0, _length);

    /// <summary>The name of the event; null for a plain one.</summary>
    public string? EventType { get; private set; }

    /// <summary>Whether a line or an event exceeds its limit.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Reads on to the next event, sign of life, or end.</summary>
    /// <exception cref="IOException">The connection broke, or a line or an event is too large.</exception>
    public async ValueTask<SseRead> ReadAsync(CancellationToken cancellationToken)
    {
        if (_isTaken) Clear();
        while (true)
        {
            if (TakeLines() is { } found) return found;
            if (_isAtEnd) return TakeRest();
            _isAtEnd = !await FillAsync(cancellationToken);
        }
    }

    /// <summary>Whether the body is JSON instead of events. It waits for the first character and takes nothing.</summary>
    public async ValueTask<bool> IsJsonAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            SkipBom();
            var unread = _buffer.AsSpan(_next, _end - _next).TrimStart(" \t\r\n"u8);
            if (!unread.IsEmpty && _isPastBom) return unread[0] is (byte)'{' or (byte)'[';
            if (_isAtEnd) return false;
            _isAtEnd = !await FillAsync(cancellationToken);
        }
    }

    /// <summary>The whole body when nothing was read from it; null when it exceeds the limit.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAllAsync(int maxBytes, CancellationToken cancellationToken)
    {
        while (!_isAtEnd)
        {
            if (_end - _next > maxBytes) return null;
            MakeRoom(maxBytes + 1);
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _end += read;
            _isAtEnd = read == 0;
        }

        return _end - _next > maxBytes ? null : _buffer.AsMemory(_next, _end - _next);
    }

    private SseRead? TakeLines()
    {
        while (FindLine(out var line, out var after))
        {
            if (BeginsAnotherEvent(line)) return Dispatch(_typeBeforeData);
            (_next, _searched) = (after, 0);
            if (line.IsEmpty) return TakeBlankLine();
            if (line[0] == ':') return SseRead.NoData;
            TakeField(line);
        }

        return null;
    }

    private SseRead TakeBlankLine()
    {
        var type = _type;
        _type = null;
        return _hasData ? Dispatch(type) : SseRead.NoData;
    }

    // The body ended: what came without a last line end, or without a blank line, counts when it is whole.
    private SseRead TakeRest()
    {
        var rest = _buffer.AsSpan(_next, _end - _next);
        if (!rest.IsEmpty)
        {
            if (BeginsAnotherEvent(rest)) return Dispatch(_typeBeforeData);
            (_next, _searched) = (_end, 0);
            TakeField(rest);
        }

        return _hasData && IsWhole() ? Dispatch(_type) : SseRead.End;
    }

    private SseRead Dispatch(string? type)
    {
        (EventType, _isTaken) = (type, true);
        return SseRead.Event;
    }

    private void Clear()
    {
        (_length, _hasData, _isTaken) = (0, false, false);
        _json = default;
    }

    private void TakeField(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? default : line[(colon + 1)..];
        if (value.StartsWith(" "u8)) value = value[1..];
        if (name.SequenceEqual("data"u8)) Append(value);
        else if (name.SequenceEqual("event"u8)) _type = TextOf(value);
    }

    private void Append(ReadOnlySpan<byte> value)
    {
        var length = _hasData ? _length + 1 + value.Length : value.Length;
        if (length > maxEventBytes) throw TooLarge();
        if (length > _data.Length) Array.Resize(ref _data, Math.Max(length, 2 * _data.Length));
        if (_hasData) _data[_length++] = (byte)'\n';
        else _typeBeforeData = _type;
        value.CopyTo(_data.AsSpan(_length));
        (_length, _hasData) = (length, true);
    }

    // A name repeats from event to event, so its text is kept.
    private string? TextOf(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return null;
        if (_lastType is not null && System.Text.Ascii.Equals(value, _lastType)) return _lastType;
        return _lastType = System.Text.Encoding.UTF8.GetString(value);
    }

    // JSON that is whole cannot go on with another value: the server left out the blank line.
    private bool BeginsAnotherEvent(ReadOnlySpan<byte> line) =>
        _hasData && line.StartsWith("data:"u8) && line[5..].TrimStart((byte)' ') is [(byte)'{' or (byte)'[', ..] && IsWhole();

    private bool IsWhole() => _json.IsWholeAfter(_data.AsSpan(0, _length));

    private bool FindLine(out ReadOnlySpan<byte> line, out int after)
    {
        line = default;
        after = _next;
        SkipBom();
        if (_skipsLineFeed && _next < _end)
        {
            if (_buffer[_next] == '\n') _next++;
            _skipsLineFeed = false;
        }

        if (!_isPastBom) return false;
        var unread = _buffer.AsSpan(_next, _end - _next);
        var length = unread[_searched..].IndexOfAny((byte)'\n', (byte)'\r');
        if (length < 0)
        {
            _searched = unread.Length;
            return false;
        }

        length += _searched;
        line = unread[..length];
        after = _next + length + 1;

        // A line feed after a carriage return belongs to the same line end, also when it comes later.
        if (unread[length] != '\r') return true;
        if (after < _end && _buffer[after] == '\n') after++;
        else if (after == _end) _skipsLineFeed = true;
        return true;
    }

    private void SkipBom()
    {
        if (_isPastBom) return;
        ReadOnlySpan<byte> bom = [0xEF, 0xBB, 0xBF];
        var unread = _buffer.AsSpan(_next, _end - _next);
        if (unread.Length < bom.Length && bom.StartsWith(unread) && !_isAtEnd) return;
        if (unread.StartsWith(bom)) _next += bom.Length;
        _isPastBom = true;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_end - _next > maxEventBytes) throw TooLarge();
        MakeRoom(maxEventBytes + 1);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }

    private void MakeRoom(int most)
    {
        if (_next == _end) (_next, _end) = (0, 0);
        if (_end < _buffer.Length) return;
        var unread = _buffer.AsSpan(_next, _end - _next);
        var target = _next > 0 ? _buffer : new byte[Math.Min(2 * _buffer.Length, Math.Max(most, _buffer.Length + 1))];
        unread.CopyTo(target);
        (_buffer, _next, _end) = (target, 0, unread.Length);
    }

    private IOException TooLarge()
    {
        IsTooLarge = true;
        return new IOException("An event of the stream exceeds the allowed size.");
    }

    /// <summary>Follows the brackets of JSON that arrives in parts.</summary>
    private struct JsonScan
    {
        private int _scanned;
        private int _depth;
        private bool _isInText;
        private bool _isEscaped;

        /// <summary>Whether all brackets and texts are closed. Bytes that were seen before are not read again.</summary>
        public bool IsWholeAfter(ReadOnlySpan<byte> json)
        {
            foreach (var character in json[_scanned..]) Take(character);
            _scanned = json.Length;
            return _depth <= 0 && !_isInText && !json.IsEmpty;
        }

        private void Take(byte character)
        {
            if (_isInText)
            {
                if (_isEscaped) _isEscaped = false;
                else if (character == '\\') _isEscaped = true;
                else if (character == '"') _isInText = false;
            }
            else if (character == '"')
            {
                _isInText = true;
            }
            else if (character is (byte)'{' or (byte)'[')
            {
                _depth++;
            }
            else if (character is (byte)'}' or (byte)']')
            {
                _depth--;
            }
        }
    }
}
