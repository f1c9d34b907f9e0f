namespace AiGateway.Api.Tests.Hosting;

/// <summary>What the provider was sent. Header names are in lower case.</summary>
internal sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);
