using AiGateway.StandIn.Chat;
using AiGateway.StandIn.Messages;
using AiGateway.StandIn.Replies;
using AiGateway.StandIn.Requests;
using AiGateway.StandIn.Responses;
using Microsoft.AspNetCore.Http;

namespace AiGateway.StandIn;

/// <summary>Routes an HTTP request to its endpoint.</summary>
internal sealed class Routes(StandInOptions options, RequestLog requests, ReplyScript script)
{
    private readonly ChatEndpoint _chat = new(options);
    private readonly EmbeddingsEndpoint _embeddings = new(options);
    private readonly ResponsesEndpoint _responses = new(options);

    public async Task AnswerAsync(HttpContext context)
    {
        var request = await RecordedRequest.ReadAsync(context.Request, requests.NextNumber(), options.Time.GetUtcNow());
        requests.Add(request);
        var exchange = new Exchange(context, request, script, options.Time);
        using var watch = context.RequestAborted.Register(() => request.MarkClientLeft(options.Time.GetUtcNow()));
        try
        {
            RequireKey(context.Request);
            await RouteAsync(exchange);
        }
        catch (Refusal refusal)
        {
            await exchange.RefuseAsync(refusal);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left, unless the plan cut the connection. This code may run before the registration above is called, and its end
            // removes the registration.
            request.MarkClientLeft(options.Time.GetUtcNow());
        }
        finally
        {
            request.MarkEnded();
        }
    }

    private Task RouteAsync(Exchange exchange)
    {
        var parts = exchange.Request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (exchange.Request.Method, parts) switch
        {
            ("POST", ["v1", "chat", "completions"]) => _chat.AnswerAsync(exchange),
            ("POST", ["v1", "messages"]) => MessagesEndpoint.CreateAsync(exchange),
            ("POST", ["v1", "messages", "count_tokens"]) => MessagesEndpoint.CountAsync(exchange),
            ("POST", ["v1", "embeddings"]) => _embeddings.AnswerAsync(exchange),
            ("GET", ["v1", "models"]) => ModelsEndpoint.ListAsync(exchange),
            ("GET", ["v1", "models", var model]) => ModelsEndpoint.GetAsync(exchange, Uri.UnescapeDataString(model)),
            ("POST", ["v1", "responses"]) => _responses.CreateAsync(exchange),
            ("GET", ["v1", "responses", var id]) => _responses.GetAsync(exchange, id),
            ("DELETE", ["v1", "responses", var id]) => _responses.DeleteAsync(exchange, id),
            ("POST", ["v1", "responses", var id, "cancel"]) => _responses.CancelAsync(exchange, id),
            ("GET", ["v1", "responses", var id, "input_items"]) => _responses.ListInputAsync(exchange, id),
            _ => throw new Refusal(404, $"There is no {exchange.Request.Method} {exchange.Request.Path}.") { Code = "unknown_url" },
        };
    }

    private void RequireKey(HttpRequest request)
    {
        if (request.Headers["x-api-key"].ToString() is { Length: > 0 } named)
        {
            if (options.ApiKey is not null && named != options.ApiKey) throw new Refusal(401, "invalid x-api-key");
            return;
        }

        const string Scheme = "Bearer ";
        var given = request.Headers.Authorization.ToString();
        if (!given.StartsWith(Scheme, StringComparison.Ordinal) || given.Length == Scheme.Length)
            throw new Refusal(401, "No API key was given: send it as Authorization: Bearer KEY.");
        if (options.ApiKey is { } key && given[Scheme.Length..] != key)
            throw new Refusal(401, "The API key is not valid here.") { Code = "invalid_api_key" };
    }
}
