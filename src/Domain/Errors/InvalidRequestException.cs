namespace AiGateway.Domain;

/// <summary>The request is malformed or out of bounds; every fault is listed.</summary>
public sealed class InvalidRequestException(IReadOnlyList<Fault> faults)
    : AiGatewayException(ErrorCode.InvalidRequest, Describe(faults))
{
    /// <summary>One fault.</summary>
    public InvalidRequestException(string field, string message)
        : this([new Fault(field, message)])
    {
    }

    /// <summary>All that is wrong; never empty.</summary>
    public IReadOnlyList<Fault> Faults { get; } = faults;

    private static string Describe(IReadOnlyList<Fault> faults) =>
        string.Join("; ", faults.Select(fault => fault.Field.Length == 0 ? fault.Message : $"{fault.Field}: {fault.Message}"));
}
