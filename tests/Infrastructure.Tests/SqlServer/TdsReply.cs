using System.Buffers.Binary;
using System.Text;

namespace AiGateway.Infrastructure.Tests.SqlServer;

/// <summary>A reply in SQL Server's protocol, built token by token.</summary>
internal sealed class TdsReply
{
    /// <summary>An int column.</summary>
    public const byte Int = 4;

    /// <summary>A bigint column.</summary>
    public const byte BigInt = 8;

    /// <summary>A uniqueidentifier column.</summary>
    public const byte Id = 16;

    /// <summary>An nvarchar column.</summary>
    public const byte Text = 0;

    // EF Core expects this name for a result of a single column.
    private const string ColumnName = "Value";

    private const int PacketLength = 4096;
    private const int HeaderLength = 8;
    private const byte WholeNumber = 0x26;
    private const byte VariableText = 0xE7;
    private const ushort MostTextBytes = 8000;
    private const byte UniqueIdentifier = 0x24;
    private const ushort Final = 0;
    private const ushort More = 1;
    private const ushort Failed = 2;

    private readonly List<byte> _tokens = [];
    private bool _hasFailed;

    /// <summary>States the server's version, and that the server supports no encryption.</summary>
    public static byte[] PreLogin() =>
    [
        0, 0, 16, 0, 6,
        1, 0, 22, 0, 1,
        4, 0, 23, 0, 1,
        0xFF,
        16, 0, 0, 0, 0, 0,
        2,
        0,
    ];

    public static byte[] LoginAccepted()
    {
        var name = Encoding.Unicode.GetBytes("stand-in");
        var reply = new TdsReply();

        // The collation of text. Without it the driver sends no text.
        reply.Byte(0xE3).Short(8).Byte(7).Byte(5).Bytes([0x09, 0x04, 0xD0, 0x00, 0x34]).Byte(0);
        reply.Byte(0xAD).Short((ushort)(1 + 4 + 1 + name.Length + 4)).Byte(1).Bytes([0x74, 0, 0, 4]).Byte((byte)(name.Length / 2)).Bytes(name).Bytes([16, 0, 0, 0]);
        return reply.Done();
    }

    /// <summary>The same message, split into packets with headers.</summary>
    public static byte[] InPackets(byte[] message)
    {
        using var packets = new MemoryStream();
        var number = 1;
        for (var start = 0; start < message.Length; start += PacketLength - HeaderLength)
        {
            var length = Math.Min(PacketLength - HeaderLength, message.Length - start);
            var header = new byte[HeaderLength];
            header[0] = 4;
            header[1] = start + length == message.Length ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(length + HeaderLength));
            header[6] = (byte)number++;
            packets.Write(header);
            packets.Write(message, start, length);
        }

        return packets.ToArray();
    }

    /// <summary>States that a transaction has begun.</summary>
    public TdsReply Begin() => Byte(0xE3).Short(11).Byte(8).Byte(8).Bytes([1, 0, 0, 0, 1, 0, 0, 0]).Byte(0);

    /// <summary>States that a transaction is committed.</summary>
    public TdsReply Commit() => Byte(0xE3).Short(11).Byte(9).Byte(0).Byte(8).Bytes([1, 0, 0, 0, 1, 0, 0, 0]);

    /// <summary>States that a transaction is rolled back.</summary>
    public TdsReply Rollback() => Byte(0xE3).Short(11).Byte(10).Byte(0).Byte(8).Bytes([1, 0, 0, 0, 1, 0, 0, 0]);

    public TdsReply Error(int number)
    {
        _hasFailed = true;
        var text = Encoding.Unicode.GetBytes("as the test wants it");
        return Byte(0xAA).Short((ushort)(4 + 1 + 1 + 2 + text.Length + 1 + 1 + 4)).Integer(number).Byte(1).Byte(16)
            .Short((ushort)(text.Length / 2)).Bytes(text).Byte(0).Byte(0).Integer(1);
    }

    public TdsReply Columns(params byte[] sizes)
    {
        Byte(0x81).Short((ushort)sizes.Length);
        foreach (var size in sizes)
        {
            Integer(0).Short(9);
            if (size == Text) Byte(VariableText).Short(MostTextBytes).Bytes([0x09, 0x04, 0xD0, 0x00, 0x34]);
            else Byte(size == Id ? UniqueIdentifier : WholeNumber).Byte(size);
            Byte((byte)ColumnName.Length).Bytes(Encoding.Unicode.GetBytes(ColumnName));
        }

        return this;
    }

    public TdsReply Row(params object[] values)
    {
        Byte(0xD1);
        foreach (var value in values)
        {
            if (value is string text)
            {
                Short((ushort)(text.Length * 2)).Bytes(Encoding.Unicode.GetBytes(text));
                continue;
            }

            var bytes = value switch
            {
                int number => BitConverter.GetBytes(number),
                long number => BitConverter.GetBytes(number),
                _ => ((Guid)value).ToByteArray(),
            };
            Byte((byte)bytes.Length).Bytes(bytes);
        }

        return this;
    }

    /// <summary>Ends a result after its last row. Further tokens follow.</summary>
    public TdsReply RowsDone() => Byte(0xFF).Short(More).Short(0).Bytes(new byte[8]);

    /// <summary>Ends the reply.</summary>
    public byte[] Done()
    {
        Byte(0xFD).Short(_hasFailed ? Failed : Final).Short(0).Bytes(new byte[8]);
        return [.. _tokens];
    }

    private TdsReply Byte(byte value)
    {
        _tokens.Add(value);
        return this;
    }

    private TdsReply Short(ushort value) => Bytes([(byte)value, (byte)(value >> 8)]);

    private TdsReply Integer(int value) => Bytes(BitConverter.GetBytes(value));

    private TdsReply Bytes(byte[] values)
    {
        _tokens.AddRange(values);
        return this;
    }
}
