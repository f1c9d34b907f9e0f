using System.Text;
using Google.Protobuf;

namespace AiGateway.Api.Tests.Telemetry;

/// <summary>A message of Protocol Buffers as numbered fields. It needs no description of the message.</summary>
internal sealed class ProtobufMessage
{
    private readonly ILookup<int, object> _fields;

    private ProtobufMessage(ILookup<int, object> fields) => _fields = fields;

    public static ProtobufMessage Parse(byte[] bytes)
    {
        var fields = new List<(int Number, object Value)>();
        using var input = new CodedInputStream(bytes);
        while (input.ReadTag() is not 0 and var tag) fields.Add((WireFormat.GetTagFieldNumber(tag), ReadValue(input, tag)));
        return new ProtobufMessage(fields.ToLookup(field => field.Number, field => field.Value));
    }

    /// <summary>The messages of a repeated field.</summary>
    public IEnumerable<ProtobufMessage> Messages(int number) => _fields[number].Select(value => Parse((byte[])value));

    /// <summary>The only message of a field; null: there is none.</summary>
    public ProtobufMessage? Message(int number) => Messages(number).SingleOrDefault();

    public string Text(int number) => _fields[number].SingleOrDefault() is byte[] bytes ? Encoding.UTF8.GetString(bytes) : "";

    /// <summary>Bytes as lower-case hexadecimal digits; empty without any.</summary>
    public string Hex(int number) => _fields[number].SingleOrDefault() is byte[] bytes ? Convert.ToHexStringLower(bytes) : "";

    public ulong Number(int number) => _fields[number].SingleOrDefault() is ulong value ? value : 0;

    public bool Has(int number) => _fields.Contains(number);

    private static object ReadValue(CodedInputStream input, uint tag) => WireFormat.GetTagWireType(tag) switch
    {
        WireFormat.WireType.Varint => input.ReadUInt64(),
        WireFormat.WireType.Fixed64 => input.ReadFixed64(),
        WireFormat.WireType.Fixed32 => (ulong)input.ReadFixed32(),
        WireFormat.WireType.LengthDelimited => input.ReadBytes().ToByteArray(),
        var other => throw new InvalidDataException($"Wire type {other} is not used by OTLP."),
    };
}
