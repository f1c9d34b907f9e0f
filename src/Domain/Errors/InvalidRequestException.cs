namespace AiGateway.Domain;

/// <summary>The request is malformed or out of bounds; its first faults are listed.</summary>
public sealed class InvalidRequestException(IReadOnlyList<Fault> faults)
    : AiGatewayException(ErrorCode.InvalidRequest, Describe(faults))
{
    /// <summary>Most faults that are reported. The search for faults stops there.</summary>
    public const int MaxFaults = 20;

    private const int MaxFieldLength = 200;
    private const int MaxFaultLength = 600;

    /// <summary>One fault.</summary>
    public InvalidRequestException(string field, string message)
        : this([new Fault(field, message)])
    {
    }

    /// <summary>The faults: at least one, at most <see cref="MaxFaults"/>.</summary>
    public IReadOnlyList<Fault> Faults { get; } = [.. Bound(faults)];

    private static string Describe(IReadOnlyList<Fault> faults) =>
        string.Join("; ", Bound(faults).Select(fault => fault.Field.Length == 0 ? fault.Message : $"{fault.Field}: {fault.Message}"));

    private static IEnumerable<Fault> Bound(IReadOnlyList<Fault> faults) =>
        faults.Take(MaxFaults).Select(fault => new Fault(Cut(fault.Field, MaxFieldLength), Cut(fault.Message, MaxFaultLength)));
}

/// <summary>One fault of a request.</summary>
/// <param name="Field">The field as the caller wrote it, such as <c>options.temperature</c>; empty for the whole body.</param>
/// <param name="Message">The fault and its correction.</param>
public sealed record Fault(string Field, string Message);
