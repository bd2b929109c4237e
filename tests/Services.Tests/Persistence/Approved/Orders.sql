-- An order is stored
-- @p0 UniqueIdentifier, @p1 Bit, @p2 NVarChar(32), @p3 NVarChar(4000), @p4 DateTimeOffset, @p5 NVarChar(4000), @p6 UniqueIdentifier, @p7 NVarChar(1000), @p8 NVarChar(4000), @p9 Int, @p10 DateTimeOffset, @p11 DateTimeOffset, @p12 NVarChar(4000), @p13 UniqueIdentifier, @p14 Decimal, @p15 DateTimeOffset, @p16 UniqueIdentifier, @p17 NVarChar(4000), @p18 NVarChar(4000), @p19 DateTimeOffset, @p20 Decimal, @p21 NVarChar(55), @p22 Int, @p23 NVarChar(4000), @p24 NVarChar(256), @p25 UniqueIdentifier, @p26 UniqueIdentifier, @p27 NVarChar(256), @p28 DateTime2, @p29 DateTime2, @p30 NVarChar(256), @p31 NVarChar(4000), @p32 UniqueIdentifier, @p33 UniqueIdentifier, @p34 UniqueIdentifier, @p35 NVarChar(1000), @p36 UniqueIdentifier, @p37 NVarChar(4000), @p38 UniqueIdentifier, @p39 NVarChar(4000), @p40 UniqueIdentifier, @p41 NVarChar(256), @p42 UniqueIdentifier, @p43 DateTime2, @p44 NVarChar(256), @p45 Int, @p46 NVarChar(4000), @p47 NVarChar(256), @p48 UniqueIdentifier, @p49 UniqueIdentifier, @p50 NVarChar(256), @p51 DateTime2, @p52 DateTime2, @p53 NVarChar(256), @p54 NVarChar(4000), @p55 UniqueIdentifier, @p56 UniqueIdentifier, @p57 UniqueIdentifier, @p58 NVarChar(1000), @p59 UniqueIdentifier, @p60 NVarChar(4000), @p61 UniqueIdentifier, @p62 NVarChar(4000), @p63 UniqueIdentifier, @p64 NVarChar(256), @p65 UniqueIdentifier, @p66 DateTime2, @p67 NVarChar(256)
SET NOCOUNT ON;
INSERT INTO [OrderStates] ([CorrelationId], [CancelAtOnce], [CurrentState], [Customer], [InStateSince], [Lines], [PaymentId], [Reason], [Refunds], [Resends], [ReservedAt], [SubmittedAt], [Timeline], [TimeoutToken], [Total], [UpdatedAt])
OUTPUT INSERTED.[RowVersion]
VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15);
INSERT INTO [Orders] ([OrderId], [Customer], [Lines], [SubmittedAt], [Total], [TraceParent])
VALUES (@p16, @p17, @p18, @p19, @p20, @p21);
MERGE [OutboxMessage] USING (
VALUES (@p22, @p23, @p24, @p25, @p26, @p27, @p28, @p29, @p30, @p31, @p32, @p33, @p34, @p35, @p36, @p37, @p38, @p39, @p40, @p41, @p42, @p43, @p44, 0),
(@p45, @p46, @p47, @p48, @p49, @p50, @p51, @p52, @p53, @p54, @p55, @p56, @p57, @p58, @p59, @p60, @p61, @p62, @p63, @p64, @p65, @p66, @p67, 1)) AS i ([Attempts], [Body], [ContentType], [ConversationId], [CorrelationId], [DestinationAddress], [EnqueueTime], [ExpirationTime], [FaultAddress], [Headers], [InboxConsumerId], [InboxMessageId], [InitiatorId], [LastError], [MessageId], [MessageType], [OutboxId], [Properties], [RequestId], [ResponseAddress], [SchedulingTokenId], [SentTime], [SourceAddress], _Position) ON 1=0
WHEN NOT MATCHED THEN
INSERT ([Attempts], [Body], [ContentType], [ConversationId], [CorrelationId], [DestinationAddress], [EnqueueTime], [ExpirationTime], [FaultAddress], [Headers], [InboxConsumerId], [InboxMessageId], [InitiatorId], [LastError], [MessageId], [MessageType], [OutboxId], [Properties], [RequestId], [ResponseAddress], [SchedulingTokenId], [SentTime], [SourceAddress])
VALUES (i.[Attempts], i.[Body], i.[ContentType], i.[ConversationId], i.[CorrelationId], i.[DestinationAddress], i.[EnqueueTime], i.[ExpirationTime], i.[FaultAddress], i.[Headers], i.[InboxConsumerId], i.[InboxMessageId], i.[InitiatorId], i.[LastError], i.[MessageId], i.[MessageType], i.[OutboxId], i.[Properties], i.[RequestId], i.[ResponseAddress], i.[SchedulingTokenId], i.[SentTime], i.[SourceAddress])
OUTPUT INSERTED.[SequenceNumber], i._Position;

-- A message is stored, where one row at a time is all that the server can take
-- @p0 Int, @p1 NVarChar(4000), @p2 NVarChar(256), @p3 UniqueIdentifier, @p4 UniqueIdentifier, @p5 NVarChar(256), @p6 DateTime2, @p7 DateTime2, @p8 NVarChar(256), @p9 NVarChar(4000), @p10 UniqueIdentifier, @p11 UniqueIdentifier, @p12 UniqueIdentifier, @p13 NVarChar(1000), @p14 UniqueIdentifier, @p15 NVarChar(4000), @p16 UniqueIdentifier, @p17 NVarChar(4000), @p18 UniqueIdentifier, @p19 NVarChar(256), @p20 UniqueIdentifier, @p21 DateTime2, @p22 NVarChar(256)
SET IMPLICIT_TRANSACTIONS OFF;
SET NOCOUNT ON;
INSERT INTO [OutboxMessage] ([Attempts], [Body], [ContentType], [ConversationId], [CorrelationId], [DestinationAddress], [EnqueueTime], [ExpirationTime], [FaultAddress], [Headers], [InboxConsumerId], [InboxMessageId], [InitiatorId], [LastError], [MessageId], [MessageType], [OutboxId], [Properties], [RequestId], [ResponseAddress], [SchedulingTokenId], [SentTime], [SourceAddress])
OUTPUT INSERTED.[SequenceNumber]
VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19, @p20, @p21, @p22);

-- Its saga is loaded
-- p0 UniqueIdentifier
SELECT TOP(2) [o].[CorrelationId], [o].[CancelAtOnce], [o].[CurrentState], [o].[Customer], [o].[InStateSince], [o].[Lines], [o].[PaymentId], [o].[Reason], [o].[Refunds], [o].[Resends], [o].[ReservedAt], [o].[RowVersion], [o].[SearchReason], [o].[SubmittedAt], [o].[Timeline], [o].[TimeoutToken], [o].[Total], [o].[UpdatedAt]
FROM (
    SELECT * FROM [OrderStates] WITH (UPDLOCK, ROWLOCK) WHERE [CorrelationId] = @p0
) AS [o]

-- Sagas of messages that share a transaction are loaded
-- @orderIds1 UniqueIdentifier, @orderIds2 UniqueIdentifier
SELECT [o].[CorrelationId], [o].[CancelAtOnce], [o].[CurrentState], [o].[Customer], [o].[InStateSince], [o].[Lines], [o].[PaymentId], [o].[Reason], [o].[Refunds], [o].[Resends], [o].[ReservedAt], [o].[RowVersion], [o].[SearchReason], [o].[SubmittedAt], [o].[Timeline], [o].[TimeoutToken], [o].[Total], [o].[UpdatedAt]
FROM (
    SELECT * FROM [OrderStates] WITH (UPDLOCK, ROWLOCK, FORCESEEK)
) AS [o]
WHERE [o].[CorrelationId] IN (@orderIds1, @orderIds2)
ORDER BY [o].[CorrelationId]
