namespace AiGateway.Infrastructure.Providers.OpenAi;

/// <summary>An OpenAI-compatible service and the gateway's account there.</summary>
public sealed record OpenAiSettings
{
    /// <summary>OpenAI's own address.</summary>
    public static readonly Uri DefaultBaseUrl = new("https://api.openai.com/v1");

    /// <summary>The gateway's key (<c>OPENAI_API_KEY</c>). Never logged, never sent anywhere but to the provider.</summary>
    public required string ApiKey { get; init; }

    /// <summary>Address of the API including the version (<c>OPENAI_BASE_URL</c>); any compatible server.</summary>
    public Uri BaseUrl { get; init; } = DefaultBaseUrl;

    /// <summary>Says nothing of the members, which hold a secret.</summary>
    public override string ToString() => nameof(OpenAiSettings);
}

/// <summary>An Azure OpenAI resource.</summary>
public sealed record AzureOpenAiSettings
{
    /// <summary>The resource's address (<c>AZURE_OPENAI_ENDPOINT</c>).</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The resource's key (<c>AZURE_OPENAI_API_KEY</c>). Never logged.</summary>
    public required string ApiKey { get; init; }

    /// <summary>
    /// The deployment that serves every model (<c>AZURE_OPENAI_DEPLOYMENT</c>); null: each model has a deployment of its own
    /// name.
    /// </summary>
    public string? Deployment { get; init; }

    /// <summary>Says nothing of the members, which hold a secret.</summary>
    public override string ToString() => nameof(AzureOpenAiSettings);
}
