using System.Text.Json;
using AiGateway.Api.Http;
using AiGateway.Api.Wires;

namespace AiGateway.Api.OpenAi.Reading;

/// <summary>The model of a request: the deployment in an Azure path, else the member <c>model</c>.</summary>
internal static class RequestedModel
{
    /// <summary>Null when none is named.</summary>
    public static string? Read(WireReader reader, HttpContext context)
    {
        var named = reader.FindText("model");
        if (context.Features.Get<AzureDeployment>() is not { Model: var deployment }) return named;

        // The hold follows the deployment, so no other model may reach the provider.
        if (named != deployment) reader.Set("model", JsonSerializer.Serialize(deployment));
        return deployment;
    }
}
