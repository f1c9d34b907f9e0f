namespace AiGateway.StandIn;

/// <summary>The settings of the stand-in.</summary>
public sealed record StandInOptions
{
    /// <summary>The address to listen on; port 0 takes a free port.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>The only accepted key; null accepts any key.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Whether models with names unlike OpenAI's are also served.</summary>
    public bool ServesAnyModel { get; init; }

    /// <summary>A file that gets one line of JSON for each request before its reply; null for none.</summary>
    public string? LogFile { get; init; }

    /// <summary>Whether requests are kept in memory. A server under load should not keep them.</summary>
    public bool RemembersRequests { get; init; } = true;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
