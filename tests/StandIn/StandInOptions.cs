namespace AiGateway.StandIn;

/// <summary>How the stand-in is set up.</summary>
public sealed record StandInOptions
{
    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>The only key it accepts; null: any.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Whether models with names unlike OpenAI's are served too.</summary>
    public bool ServesAnyModel { get; init; }

    /// <summary>Gets one line of JSON for each request, before the answer; null: none is written.</summary>
    public string? LogFile { get; init; }

    /// <summary>Whether requests stay in memory; a server under load should not.</summary>
    public bool RemembersRequests { get; init; } = true;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
