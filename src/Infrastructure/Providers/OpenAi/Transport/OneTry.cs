using System.ClientModel.Primitives;

namespace AiGateway.Infrastructure.Providers.OpenAi.Transport;

/// <summary>Stands where the official client would retry: how hard to try is the provider pipeline's affair alone.</summary>
internal sealed class OneTry : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
        ProcessNext(message, pipeline, currentIndex);

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
        ProcessNextAsync(message, pipeline, currentIndex);
}
