using AiGateway.Application.Providers;
using FluentValidation;
using MediatR;

namespace AiGateway.Api.Tests.Architecture;

/// <summary>Use cases that break the rules on purpose, so that each rule is seen to fail.</summary>
internal static class WrongUseCases
{
    public sealed record Orphan : IRequest;

    public sealed record Disputed : IRequest;

    public sealed record BackDoor : IRequest;

    public sealed class SendingHandler(IMediator mediator) : AsyncRequestHandler<Disputed>
    {
        protected override Task Handle(Disputed request, CancellationToken cancellationToken) =>
            mediator.Send(new BackDoor(), cancellationToken);
    }

    public sealed class SecondHandler : AsyncRequestHandler<Disputed>
    {
        protected override Task Handle(Disputed request, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    public sealed class BackDoorHandler(IModelAdapter adapter, ModelCall call) : AsyncRequestHandler<BackDoor>
    {
        protected override async Task Handle(BackDoor request, CancellationToken cancellationToken) =>
            await adapter.GenerateAsync(call, cancellationToken);
    }
}

/// <summary>A handler that anybody could call past the pipeline.</summary>
public sealed class PublicHandler : RequestHandler<PublicHandler.Order>
{
    /// <inheritdoc/>
    protected override void Handle(Order request)
    {
    }

    /// <summary>Its request.</summary>
    public sealed record Order : IRequest;
}

/// <summary>A validator that somebody could build upon.</summary>
public class OpenValidator : AbstractValidator<PublicHandler.Order>;
