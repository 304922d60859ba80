"""Service plans by their real names and ids, as many as the products of today hold.

Names and ids: Microsoft Entra "product names and service plan identifiers for licensing". How many of them a user shows
matters more than which: Office 365 E3 has about 50, Microsoft 365 E5 86, and ended ones stay listed as Deleted.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """One service plan inside a licence."""

    name: str
    id: str
    service: str

    @property
    def mailbox(self) -> bool:
        return self.id in _MAILBOX_PLANS


def _plans(text: str) -> tuple[Plan, ...]:
    return tuple(Plan(name, id_, service) for name, id_, service in map(str.split, text.strip().splitlines()))


STANDARD = Plan("EXCHANGE_S_STANDARD", "9aaf7827-d63c-4b61-89c3-182f06f82e5c", "exchange")
ENTERPRISE = Plan("EXCHANGE_S_ENTERPRISE", "efb87545-963c-4e0d-99df-69c6916d9eb0", "exchange")
KIOSK = Plan("EXCHANGE_S_DESKLESS", "4a82b400-a79f-41a4-b4e2-e94f5787b113", "exchange")
FOUNDATION = Plan("EXCHANGE_S_FOUNDATION", "113feb6c-3fe4-4440-bddc-54d774bf0318", "exchange")
FLOW = Plan("FLOW_P2_VIRAL", "50e68c76-46c6-4674-81f9-75456511b170", "ProcessSimple")
_MAILBOX_PLANS = frozenset((STANDARD.id, ENTERPRISE.id, KIOSK.id))

OFFICE = _plans("""
TEAMS1 57ff2da0-773e-42df-b2af-ffb7a2317929 TeamspaceAPI
SHAREPOINTSTANDARD c7699d2e-19aa-44de-8edf-1736da088ca1 SharePoint
SHAREPOINTENTERPRISE 5dbe027f-2339-4123-9542-606e4d348a72 SharePoint
MCOSTANDARD 0feaeb32-d00e-4d66-bd5a-43b5b83db82c MicrosoftCommunicationsOnline
OFFICESUBSCRIPTION 43de0ff5-c92c-492b-9116-175376d08c38 MicrosoftOffice
RMS_S_ENTERPRISE bea4c11e-220a-4e6d-8eb8-8ea15d019f90 RMSOnline
RMS_S_PREMIUM 6c57d4b6-3b23-47a5-9bc9-69f17b4947b3 RMSOnline
INFORMATION_BARRIERS c4801e8a-cb58-4c35-aca6-f2dcc106f287 exchange
MIP_S_CLP1 5136a095-5cf0-4aff-bec3-e84448b38ea5 exchange
ContentExplorer_Standard 2b815d45-56e4-4e3a-b65c-66cb9175b560 exchange
MICROSOFTBOOKINGS 199a5c09-e0ca-4e37-8f7c-b05d533e1ea2 exchange
MICROSOFT_SEARCH 94065c59-bc8e-4e8b-89e5-5138d471eaff exchange
GRAPH_CONNECTORS_SEARCH_INDEX a6520331-d7d4-4276-95f5-15c0933bc757 exchange
M365_LIGHTHOUSE_CUSTOMER_PLAN1 6f23d6a9-adbf-481c-8538-b4c095654487 exchange
M365_AUDIT_PLATFORM f6de4823-28fa-440b-b886-4783fa86ddba exchange
PURVIEW_DISCOVERY c948ea65-2053-4a5a-8a62-9eaaaf11b522 exchange
COMMON_DEFENDER_PLATFORM_FOR_OFFICE a312bdeb-1e21-40d0-84b1-0e73f128144f exchange
Nucleus db4d623d-b514-490b-b7ef-8885eee514de exchange
OFFICE_FORMS_PLAN_2 9b5de886-f035-4ff2-b3d8-c9127bea3620 OfficeForms
KAIZALA_O365_P3 aebd3021-9f8f-4bf8-bbe3-0ed2f4f047a1 MicrosoftKaizala
PROJECTWORKMANAGEMENT b737dad2-2f6c-4c65-90e3-ca563267e8b9 ProjectWorkManagement
Deskless 8c7d2df8-86f0-4902-b2ed-a0458298f3b3 Deskless
STREAM_O365_E3 9e700747-8b1d-45e5-ab8d-ef187ceec156 MicrosoftStream
INTUNE_O365 882e1d05-acd1-4ccb-8708-6ee03664b117 SCO
INTUNE_A c1ec4a95-1f05-45b3-a911-aa3fa01094f5 SCO
REMOTE_HELP a4c6cf29-1168-4076-ba5c-e8fe0e62b17e SCO
ADALLOM_S_O365 8c098270-9dd4-4350-9b30-ba4703f3b36b Adallom
ADALLOM_S_DISCOVERY 932ad362-64a8-4783-9106-97849a1a30b9 Adallom
PROJECT_O365_P2 31b4e2fc-4cd6-4e7d-9c1b-41407303bd66 MicrosoftProject
SWAY a23b959c-7ce8-4e57-9140-b90eb88a9e97 Sway
BPOS_S_TODO_2 c87f142c-d1e9-4363-8630-aaea9c4d9ae5 To-Do
WHITEBOARD_PLAN2 94a54592-cd8b-425e-87c6-97868b000b91 WhiteboardServices
YAMMER_ENTERPRISE 7547a3fe-08ee-4ccb-b430-5077c5041653 YammerEnterprise
AAD_PREMIUM 41781fb2-bc02-4b7c-bd55-b576c07bb09d AADPremiumService
MFA_PREMIUM 8a256a2b-b617-496d-b51b-e76466e88db0 MultiFactorService
DYN365_CDS_O365_P2 4ff01e01-1ba7-4d71-8cf8-ce96c3bbcf14 CRM
POWERAPPS_O365_P2 c68f8d98-5534-41c8-bf36-22fa496fa792 PowerAppsService
FLOW_O365_P2 76846ad7-7776-4c40-a281-a386362dd1b9 ProcessSimple
POWER_VIRTUAL_AGENTS_O365_P2 041fe683-03e4-45b6-b1af-c0cdc516daee CCIBotsPROD
UNIVERSAL_PRINT_01 795f6fe0-cc4d-4773-b050-5dde4dc704c9 UniversalPrint
WINDOWSUPDATEFORBUSINESS_DEPLOYMENTSERVICE 7bf960f6-2cd9-443a-8046-5dbff9558365 WindowsUpdateforBusinessCloudExtensions
VIVA_LEARNING_SEEDED b76fb638-6ba6-402a-b9f9-83d28acb3d86 MicrosoftLearning
MICROSOFT_LOOP c4b8c31a-fb44-4c65-9837-a21f55fcabda SharePoint
CLIPCHAMP a1ace008-72f3-4ea0-8dac-33b3a23a2472 Clipchamp
Bing_Chat_Enterprise 0d0c0d31-fae7-41f2-b909-eaf4d7f26dba Bing
MDE_LITE 292cc034-7b7c-4950-aaf5-943befd3f1d4 WindowsDefenderATP
""")
"""What Office 365 E3 and its like hold beside a mailbox."""

PREMIUM = _plans("""
CDS_O365_P3 afa73018-811e-46e9-988f-f75d2b1b8430 CRM
LOCKBOX_ENTERPRISE 9f431833-0334-42de-a7dc-70aa40db46db exchange
CustomerLockboxA_Enterprise 3ec18638-bd4c-4d3b-8905-479ed636b83e exchange
MIP_S_Exchange cd31b152-6326-4d1b-ae1b-997b625182e6 exchange
MIP_S_CLP2 efb0351d-3b08-4503-993d-383af8de41e3 exchange
Content_Explorer d9fa6af4-e046-4c89-9226-729a0786685d exchange
M365_ADVANCED_AUDITING 2f442157-a11c-46b9-ae5b-6e39ff4e5849 exchange
MICROSOFT_COMMUNICATION_COMPLIANCE a413a9ff-720c-4822-98ef-2f37c2a21f4c exchange
COMMUNICATIONS_COMPLIANCE 41fcdd7d-4733-4863-9cf4-c65b83ce2df4 exchange
COMMUNICATIONS_DLP 6dc145d6-95dd-4191-b9c3-185575ee6f6b exchange
CUSTOMER_KEY 6db1f1db-2b46-403f-be40-e39395f08dbb exchange
ATP_ENTERPRISE f20fedf3-f3c3-43c3-8267-2bfdd51c0939 exchange
THREAT_INTELLIGENCE 8e0c0a52-6a6c-4d40-8370-dd62790dcd70 exchange
INFO_GOVERNANCE e26c2fcc-ab91-4a61-b35c-03cdc8dddf66 exchange
INSIDER_RISK d587c7a3-bda9-4f99-8776-9bcf59c84f75 exchange
INSIDER_RISK_MANAGEMENT 9d0c4ee5-e4a1-4625-ab39-d82b619b1a34 exchange
ML_CLASSIFICATION d2d51368-76c9-4317-ada2-a12c004c432f exchange
EXCHANGE_ANALYTICS 34c0d7a0-a70f-4668-9238-47f9fc208882 exchange
RECORDS_MANAGEMENT 65cc641f-cccd-4643-97e0-a17e3045e541 exchange
EQUIVIO_ANALYTICS 4de31727-a228-4ec3-a5bf-8e45b5ca48cc exchange
PAM_ENTERPRISE b1188c4c-1b36-4018-b48b-ee07604f6feb exchange
PREMIUM_ENCRYPTION 617b097b-4b93-4ede-83de-5f075bb5fb2f exchange
DATA_INVESTIGATIONS 46129a58-a698-46f0-aa5b-17f6586297d9 exchange
MTP bf28f719-7844-4079-9c78-c1307898e192 MTP
MCOMEETADV 3e26ee1f-8a5f-4d52-aee2-b81ce45c8f40 MicrosoftCommunicationsOnline
MCOEV 4828c8ec-dc2e-4779-b502-87ac9ce28ab7 MicrosoftCommunicationsOnline
EXCEL_PREMIUM 531ee2f8-b1cb-453b-9c21-d2180d014ca5 MicrosoftOffice
SAFEDOCS bf6f5520-59e3-4f82-974b-7dbbc4fd27c7 WindowsDefenderATP
OFFICE_FORMS_PLAN_3 96c1e14a-ef43-418d-b115-9636cdaa8eed OfficeForms
KAIZALA_STANDALONE 0898bdbb-73b0-471a-81e5-20f1fe4dd66e MicrosoftKaizala
STREAM_O365_E5 6c6042f5-6f01-4d67-b8c1-eb99d36eed3e MicrosoftStream
POWERAPPS_O365_P3 9c0dab89-a30c-4117-86e7-97bda240acd2 PowerAppsService
BI_AZURE_P2 70d33638-9c74-4d01-bfd3-562de28bd4ba PowerBI
PROJECT_O365_P3 b21a6b06-1988-436e-a07b-51ec6d9f52ad MicrosoftProject
BPOS_S_TODO_3 3fb82609-8c27-4f7b-bd51-30634711ee67 To-Do
WHITEBOARD_PLAN3 4a51bca5-1eff-43f5-878c-177680f191af WhiteboardServices
AAD_PREMIUM_P2 eec0eb4f-6444-4f95-aba0-50c24d67f998 AADPremiumService
ADALLOM_S_STANDALONE 2e2ddb96-6af9-4b1d-a3f0-d6ecfd22edb2 Adallom
RMS_S_PREMIUM2 5689bec4-755d-4753-8b61-40975025187c RMSOnline
""")
"""What Microsoft 365 E5 holds on top."""
