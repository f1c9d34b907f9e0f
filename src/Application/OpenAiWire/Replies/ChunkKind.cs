namespace AiGateway.Application.OpenAiWire;

/// <summary>The kind of an event of a stream.</summary>
public enum ChunkKind
{
    /// <summary>A part of the reply.</summary>
    Part,

    /// <summary>A part before any output. A failure after it is still the failure of the whole call.</summary>
    Opening,

    /// <summary>The last part of the reply.</summary>
    Last,

    /// <summary>The last part of the reply, which reports a failure.</summary>
    Failed,

    /// <summary>The provider's report of a failure.</summary>
    Error,

    /// <summary>An event that means nothing to a client of this wire, such as a ping.</summary>
    Skipped,

    /// <summary>An event that the gateway does not understand.</summary>
    Malformed,
}
