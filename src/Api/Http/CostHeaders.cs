using System.Globalization;
using AiGateway.Application.Generation;
using AiGateway.Domain;

namespace AiGateway.Api.Http;

/// <summary>
/// The headers of a plain reply that name its cost, its provider and its attempts. A stream's headers are sent before its cost
/// is known.
/// </summary>
/// <param name="areOn">Whether replies have them (<c>AI_GATEWAY_REPLY_HEADERS</c>).</param>
internal sealed class CostHeaders(bool areOn)
{
    private const string Cost = "x-aigateway-cost-usd";
    private const string Provider = "x-aigateway-provider";
    private const string Attempts = "x-aigateway-attempts";

    /// <summary>The names, which a front end may read.</summary>
    public static IReadOnlyList<string> Names => [Cost, Provider, Attempts];

    /// <summary>Adds the headers to a reply that is settled.</summary>
    public static void Add(HttpContext context, GenerateReply reply) =>
        context.RequestServices.GetRequiredService<CostHeaders>().Add(context.Response.Headers, reply);

    private void Add(IHeaderDictionary headers, GenerateReply reply)
    {
        if (!areOn) return;
        headers[Cost] = Money.ToUsd(reply.CostNanoUsd).ToString("0.#########", CultureInfo.InvariantCulture);
        headers[Provider] = reply.Provider;
        headers[Attempts] = reply.Call.Attempts!.Ended.Count.ToString(CultureInfo.InvariantCulture);
    }
}
