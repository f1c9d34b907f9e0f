using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Providers;

/// <summary>How a call ended after all its attempts: exactly one of reply and failure is there.</summary>
internal readonly record struct ProviderOutcome(ModelReply? Reply, ProviderException? Failure, int Attempts);
