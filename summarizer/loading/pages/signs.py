"""The words by which the parts of a page are known that are not its article.

Patterns, one a line where they are many. Names are of classes, ids, roles and the like; phrases are what a reader sees,
in the languages that news pages here come in.
"""

import re


def _any(*patterns: str) -> str:
    return "|".join(patterns)


def _phrases(*patterns: str) -> re.Pattern[str]:
    return re.compile(_any(*patterns), re.IGNORECASE)


# --- names ---------------------------------------------------------------------------------------------------------

_APART = r"(?:^|[\s_-])"
_END = r"(?:$|[\s_-])"

FURNITURE = re.compile(
    _APART
    + "(?:"
    + _any(
        r"related\w*|read-?(?:also|more|next)|more-(?:on|from)|onward|recirc\w*|rich-?link|also-from|lire-aussi|a-?lire",
        r"leia-mais|lea-(?:mas|tambien)|lesen-sie|mehr-zum-thema|catcher|teaser-inline|inline-teaser",
        r"most-(?:read|viewed|popular|commented)|popular|trending|recommend\w*|outbrain|taboola",
        r"newsletter\w*|nl-box|sign-?up|subscription-box|subscribe-(?:box|form)|follow-(?:us|box)",
        r"shar(?:e|ing)(?:-\w+)*|sharedaddy|social(?:-\w+)*|partag\w+|compart\w+|condividi|teilen|print-tools?|drucken",
        r"comments?(?:-(?:area|list|section|thread|promo|form|count|box|wrap\w*))?|comment-respond|disqus\w*|respond",
        r"kommentare|commentaires|comentarios|commenti|reactions|reader-comments",
        r"cookies?(?:-\w+)*|consent(?:-\w+)*|gdpr|didomi\w*|onetrust\w*|cc-window|cmp-\w+|user-notification",
        r"ads?|ad-\w+|advert\w*|anzeige|werbung|publicite|pub|encart-pub|sponsor\w*|inread-ad|leaderboard",
        r"breadcrumbs?|tags?|tag-list|topics|submeta|pagination|pager|page-numbers|toc(?:-\w+)*|skip-link",
        r"by-?line|byl|(?:article|post|entry)-(?:meta|info|date|status|actions|share|tools)",
        r"pull-?quote|caption|wp-caption-text|credit|toolbar|menu|navbar|nav|sidebar|masthead",
        r"search|login|paywall-\w+|bottom-of-article|article-bottom|post-footer|key-events|block-share|post-navigation",
    )
    + ")"
    + _END,
    re.IGNORECASE,
)
COMMENTS = re.compile(
    _APART + r"(?:comments?(?:-(?:area|list|section|thread|content))?|disqus_thread|kommentare|commentaires)" + _END,
    re.IGNORECASE,
)
STANDFIRST = re.compile(
    r"standfirst|stand-first|chapo|chapeau|\bdek\b|\blede?\b|\blead\b|intro|excerpt|summary|sub-?title|sub-?head|desc"
    r"|vorspann|teaser-text|entradilla|bajada|sommario|occhiello|ondertitel|abstract",
    re.IGNORECASE,
)
UNSEEN = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader-text|screenreader\w*|is-hidden|u-hidden|d-none|hidden|hide"
    r"|element-invisible|offscreen|off-screen|a11y-hidden|assistive-text)(?:$|\s)",
    re.IGNORECASE,
)

# --- phrases of the body -------------------------------------------------------------------------------------------

ELSEWHERE = _phrases(
    r"^\W*(?:(?:re)?lire|à lire|voir) (?:aussi|également|notre)",
    r"^\W*à lire\b(?= *:)",
    r"^\W*(?:notre dossier|sur le même (?:sujet|thème)|articles? (?:similaires|liés))",
    r"^\W*(?:read|see|watch|listen) (?:also|more|next)\b",
    r"^\W*(?:also read|see also|more (?:on|from) |related(?:$|:| (?:articles?|stories|content))|recommended)",
    r"^\W*(?:lesen sie (?:auch|hier|mehr|dazu)|mehr zum thema|auch interessant|passend dazu|siehe auch)",
    r"^\W*(?:le[ae]|lee|vea) (?:también|más|además)|^\W*más información|^\W*te puede interesar",
    r"^\W*le(?:ia|r) (?:também|mais)|^\W*veja (?:também|mais)|^\W*saiba mais",
    r"^\W*(?:leggi|vedi|guarda) (?:anche|pure)|^\W*per approfondire",
    r"^\W*(?:lees (?:ook|meer|verder)|bekijk ook)",
    r"^\W*(?:関連(?:記事|ニュース)|あわせて読みたい|相关(?:阅读|新闻|报道)|延伸阅读|推荐阅读|热门推荐|관련 ?기사|추천 ?기사)",
    r"^\W*(?:читайте также|по теме|اقرأ (?:أيضا|أيضًا|المزيد)|إقرأ أيضا|قد يهمك)",
)
"""How a line begins that leads to another article."""

NOISE = _phrases(
    r"^\W*(?:story continues (?:below|after) (?:this )?ad\w*|(?:loading )?advertisements?|ad|skip ad|sponsored(?: content)?)\W*$",
    r"^\W*(?:(?:la suite )?après (?:cette|la) publicité|la suite après cette publicité|publicité|annonce)\W*$",
    r"^\W*(?:anzeige|werbung|publicidad|publicidade|pubblicità|advertentie|広告|广告|광고|реклама|إعلان)\W*$",
    r"^\W*(?:share|save|print|copy link|share (?:full |this )?article|share on \w+|facebook|twitter|x|whatsapp|e-?mail)\W*$",
    r"^\W*(?:follow|suivez|folgen sie|síguenos)(?: \w+){0,3}\W*$",
    r"^\W*(?:read more|continue reading|show more|load more|afficher plus|mehr anzeigen|next page|page suivante)\W*$",
    r"^\W*page \d+ (?:of|sur|von|de|di) \d+\W*$",
    r"^\W*\d+ (?:comments?|commentaires?|kommentare?|comentarios?|commenti)\W*$",
    r"^\W*(?:a version of this article appear(?:s|ed) in print\b.*)$",
    r"^\W*(?:sign up (?:for|to)|subscribe to|inscrivez-vous à|abonnez-vous à|suscríbete a)\b.{0,80}(?:news|lettre|boletín|inbox).*$",
    r"^.{0,60}(?:all rights reserved|tous droits réservés|alle rechte vorbehalten|todos los derechos reservados"
    r"|todos os direitos reservados|riproduzione riservata|無断転載|版权所有|무단 ?전재|все права защищены|جميع الحقوق محفوظة).{0,60}$",
    r"^\W*(?:责任编辑|責任編輯|编辑)[：:].{0,20}$",
    r"^\W*(?:connectez-vous pour|log in to|sign in to|melden sie sich an, um|inicia sesión para) .{0,60}(?:comment|kommentier)\w*.*$",
)
"""Whole lines that are nobody's article."""

DATELINE = _phrases(
    r"^(?:by|par|von|por|di|de|door|af|av)\s+\S.{0,80}$",
    r"^\W*(?:first |last )?(?:published|posted|updated|modified|publié|mis à jour|modifié|veröffentlicht|aktualisiert|publicado"
    r"|actualizado|pubblicato|aggiornato|gepubliceerd|дата|입력|发布时间|更新)\b.{0,80}$",
    r"^[\W\d]*(?:\d{1,2}\s*(?:min(?:\.|utes?)?(?: read)?)|temps de lecture.{0,20})\W*$",
)
"""Who wrote it and when, as it stands between headline and body."""

# --- phrases of pages that are no article ----------------------------------------------------------------------------

ERROR = _phrases(
    r"\b(?:error|erreur|fehler|errore) ?(?:40[0134]|410|429|5\d\d)\b|\b404\b|\b(?:403|410|50[0234])\b(?= *(?:error|-|–|\||$))",
    r"(?:page|article|story|document|content)(?: (?:you|that|requested|is|was|has|been|were|are|looking|for))* (?:not found|unavailable|no longer (?:available|exists?))",
    r"(?:can.?t|cannot|could ?n.t|couldn.t) (?:find|be found)\b.{0,20}\bpage|page (?:can.?not|cannot) be found|page doesn.t exist|^not found$",
    r"access (?:to this page has been )?denied|^forbidden$|you don.t have permission|request (?:blocked|could not be)",
    r"just a moment|attention required|checking (?:if|your)|verify (?:that )?you are (?:a )?human|are you a (?:robot|human)",
    r"unusual traffic|enable javascript and cookies|captcha|bot detection|pardon our interruption",
    r"(?:page|article) (?:introuvable|non trouvée?|inexistante?)|cette page n.existe (?:pas|plus)|accès (?:refusé|interdit)",
    r"seite (?:wurde )?nicht gefunden|zugriff verweigert|página no encontrada|acceso denegado|pagina non trovata|accesso negato",
    r"página não encontrada|acesso negado|pagina niet gevonden|ページが見つかりません|页面不存在|找不到(?:该)?页面|페이지를 찾을 수 없습니다",
    r"страница не найдена|الصفحة غير موجودة",
    r"service (?:temporarily )?unavailable|internal server error|bad gateway|gateway time-?out|under maintenance|en maintenance",
)
CONSENT = _phrases(
    r"\bwe(?:,? and our|.{0,30}and (?:up to )?\d*,? ?our) (?:\d+ )?partners\b|our \d+ partners|before you continue",
    r"withdraw your consent|reject all|accept all(?: cookies)?|manage (?:privacy|cookie|your) (?:settings|preferences|choices)",
    r"store and/or access information on (?:a|your) device|precise geolocation|personalised ad\w*|personalized ad\w*",
    r"nous et nos (?:\d+ )?partenaires|nos (?:\d+ )?partenaires et nous|continuer sans accepter|tout (?:accepter|refuser)|retirer votre consentement",
    r"wir und (?:bis zu \d+ |unsere )(?:\d+ )?partner|einwilligung .{0,40}widerrufen|mit werbung (?:und \w+ )?(?:weiter)?lesen|pur-abo|alle akzeptieren|personalisierte anzeigen",
    r"nosotros y nuestros (?:\d+ )?socios|aceptar todo|rechazar todo|noi e i nostri (?:\d+ )?partner|accetta tutt[oi]|wij en onze (?:\d+ )?partners",
)
PAYWALL = _phrases(
    r"subscribe (?:now )?to (?:read|continue|unlock|keep reading)|keep reading (?:for|with)|already a (?:subscriber|member)\?",
    r"this (?:article|story|content) is (?:for|only available to|reserved for|exclusive to) (?:\w+ )?(?:subscribers|members)|subscribers? only",
    r"to (?:read|continue reading) (?:the|this) (?:full |rest of (?:the|this) )?(?:article|story)|you.ve reached your .{0,20}limit",
    r"il vous reste [\d.,]+ ?% de cet article|réservé(?:e|s)? (?:aux|à nos) abonnés|déjà abonné|pour lire la suite|la suite (?:de cet article )?est réservée",
    r"jetzt weiterlesen|mit (?:einem )?\w*abo(?:nnement)? (?:weiter)?lesen|nur für abonnenten|bereits abonnent|diesen artikel .{0,30}abonnenten",
    r"(?:contenido|artículo) exclusivo para suscriptores|suscríbete para (?:seguir )?leer|ya eres suscriptor|conteúdo exclusivo para assinantes",
    r"contenuto (?:riservato|per) (?:agli )?abbonati|sei già abbonato|abbonati per (?:continuare a )?leggere|alleen voor abonnees",
    r"(?:有料)?会員限定|この記事は(?:有料)?会員|残り\d+文字|订阅后继续阅读|유료 ?회원",
)
SCRIPT = _phrases(
    r"(?:enable|activate|turn on|activer|aktivieren|habilit\w+|abilit\w+) javascript|javascript (?:enabled|is (?:disabled|required)|aktivieren)",
    r"without javascript|requires javascript|javascript (?:est|ist) (?:désactivé|deaktiviert)",
)
